using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>A small network of every residual family beyond ResNet: what breadth and speed are measured on.</summary>
internal static class FamilyTable
{
    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, Func<SeededGraph>> All { get; } = new Dictionary<string, Func<SeededGraph>>(StringComparer.Ordinal)
    {
        ["convnext_atto"] = Transformers.ConvNextAtto,
        ["deeplab_head"] = PerPixel.DeepLab,
        ["edsr_x2"] = PerPixel.Edsr,
        ["efficientnet_b0"] = SqueezeExcite.EfficientNetB0,
        ["fpn_retinanet"] = PerPixel.RetinaNet,
        ["gan_generator"] = PerPixel.Generator,
        ["googlenet"] = Classifiers.GoogLeNet,
        ["gpt_kv"] = Transformers.Gpt,
        ["highway_conv"] = Gated.Convolutional,
        ["highway_dense"] = Gated.Dense,
        ["iresnet_face"] = Sequences.Face,
        ["mnasnet1_0"] = Classifiers.MnasNet,
        ["mobilenet_v3_small"] = SqueezeExcite.MobileNetV3Small,
        ["r2plus1d"] = Sequences.R2Plus1D,
        ["regnety_400mf"] = SqueezeExcite.RegNetY,
        ["residual_gru"] = () => Sequences.Recurrent(OpTypes.GRU),
        ["residual_lstm"] = () => Sequences.Recurrent(OpTypes.LSTM),
        ["resnet18_d"] = Classifiers.ResNet18D,
        ["rfdn_x2"] = Distilled.Rfdn,
        ["se_resnet18"] = SqueezeExcite.SeResNet18,
        ["shufflenet_v2_x0_5"] = Shuffled.ShuffleNetV2,
        ["style_transfer"] = PerPixel.Style,
        ["swin_2222"] = Windowed.SwinSmallest,
        ["tcn"] = Sequences.Tcn,
        ["unet"] = PerPixel.UNet,
        ["vit_tiny"] = Transformers.VitTiny,
    };

    /// <summary>One network.</summary>
    /// <exception cref="EdgeException">Exit 2: no family of that name.</exception>
    public static Graph Make(string name) => All.TryGetValue(name, out var make)
        ? make().Graph
        : throw new EdgeException(FailureKind.Usage, $"unknown family '{name}'; known: {string.Join(", ", All.Keys)}");
}
