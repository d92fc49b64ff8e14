using System.Globalization;

namespace ResNetEdge.Exporter.Architectures.Names;

/// <summary>
/// The names of Hugging Face's ResNet (transformers, models/resnet/modeling_resnet.py): <c>embedder.embedder.convolution</c>, and in
/// <c>encoder.stages.S.layers.B</c> the branch <c>layer.K.convolution</c>, <c>layer.K.normalization</c> and the projection <c>shortcut</c>.
/// </summary>
/// <remarks>A bottleneck strides on its 3x3 convolution there as well, unless its configuration says downsample_in_bottleneck.</remarks>
internal static class HuggingFaceNames
{
    private const string Convolution = "convolution", Normalization = "normalization";

    /// <summary>A name in torch's own naming, or null.</summary>
    public static string? Canonical(string name) => name.Split('.') switch
    {
        ["embedder", "embedder", Convolution, var of] => $"conv1.{of}",
        ["embedder", "embedder", Normalization, var of] => $"bn1.{of}",
        ["encoder", "stages", var stage, "layers", var block, .. var rest] when Block(stage, block) is { } at => WithinBlock(at, rest),
        _ => null,
    };

    /// <summary>The name that Hugging Face gives what torch calls <paramref name="name"/>; the same name where it has no other.</summary>
    public static string Original(string name) => name.Split('.') switch
    {
        ["conv1", var of] => $"embedder.embedder.{Convolution}.{of}",
        ["bn1", var of] => $"embedder.embedder.{Normalization}.{of}",
        [var stage, var block, var layer, var of]
            when Stage(stage) is { } s && layer.StartsWith("conv", StringComparison.Ordinal) && Number(layer[4..]) is { } k =>
            $"encoder.stages.{s - 1}.layers.{block}.layer.{k - 1}.{Convolution}.{of}",
        [var stage, var block, var layer, var of]
            when Stage(stage) is { } s && layer.StartsWith("bn", StringComparison.Ordinal) && Number(layer[2..]) is { } k =>
            $"encoder.stages.{s - 1}.layers.{block}.layer.{k - 1}.{Normalization}.{of}",
        [var stage, var block, "downsample", var place, var of] when Stage(stage) is { } s =>
            $"encoder.stages.{s - 1}.layers.{block}.shortcut.{(place == "0" ? Convolution : Normalization)}.{of}",
        _ => name,
    };

    private static string? WithinBlock(string block, string[] rest) => rest switch
    {
        ["layer", var place, Convolution, var of] when Number(place) is { } k => $"{block}.conv{k + 1}.{of}",
        ["layer", var place, Normalization, var of] when Number(place) is { } k => $"{block}.bn{k + 1}.{of}",
        ["shortcut", Convolution, var of] => $"{block}.downsample.0.{of}",
        ["shortcut", Normalization, var of] => $"{block}.downsample.1.{of}",
        _ => null,
    };

    private static string? Block(string stage, string block) => Number(stage) is { } s && Number(block) is { } b ? $"layer{s + 1}.{b}" : null;

    private static int? Stage(string text) => text.StartsWith("layer", StringComparison.Ordinal) ? Number(text[5..]) : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 10_000 ? number : null;
}
