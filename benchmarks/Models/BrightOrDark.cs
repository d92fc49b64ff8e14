using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Benchmarks.Models;

/// <summary>A package whose network tells bright pictures from dark ones: global average, then two classes that mirror each other.</summary>
internal static class BrightOrDark
{
    public const int Side = 8;

    /// <summary>Writes the package.</summary>
    /// <param name="path">Folder or .zip.</param>
    /// <param name="version">The model's version.</param>
    /// <param name="gain">Of the logits; another one makes another package.</param>
    /// <param name="breaks">The golden outputs are wrong.</param>
    /// <param name="labels">Other class names.</param>
    public static void Write(string path, long? version = null, float gain = 20, bool breaks = false, string[]? labels = null) =>
        PackageWriter.Write(path, Content(version, gain, breaks, labels));

    /// <summary>Writes the same with a ladder of one level, to which a quarter of the light is bright, as a half is to the whole network.</summary>
    /// <param name="path">Folder or .zip.</param>
    /// <param name="version">The model's version.</param>
    public static void WriteLadder(string path, long version)
    {
        const float Gain = 20;
        var content = Content(version, Gain, breaks: false, labels: null);
        var ladder = new Graph { Name = "ladder" };
        ladder.Inputs.Add(new("f", ElementType.Float32, new Shape(1, 1)));
        ladder.Add("w@1", Tensor.From<float>(new Shape(1, 2), [Gain, -Gain]));
        ladder.Add("b@1", Tensor.From<float>(new Shape(2), [-Gain / 4, Gain / 4]));
        ladder.Add(new Node(OpTypes.Gemm, "fc@1", ["f", "w@1", "b@1"], ["y@1"]));
        ladder.Outputs.Add(new("y@1", ElementType.Float32, new Shape(1, 2)));
        PackageWriter.Write(path, content with
        {
            Manifest = content.Manifest with
            {
                Ladder = new(PackageFiles.Ladder, [new(["block"], [new("y", "y@1")], 0, new(100, 90, 0.9, 95, 0.95, 0.95), 0.001)]),
            },
            Ladder = ladder,
            LevelOutputs = [[[Tensor.From<float>(new Shape(1, 2), [Gain / 2, -Gain / 2])]]],
        });
    }

    private static PackageContent Content(long? version, float gain, bool breaks, string[]? labels)
    {
        var shape = new Shape(1, 1, Side, Side);
        var graph = new Graph { Name = "bright-or-dark" };
        graph.Inputs.Add(new("x", ElementType.Float32, shape));
        graph.Add("w", Tensor.From<float>(new Shape(1, 2), [gain, -gain]));
        graph.Add("b", Tensor.From<float>(new Shape(2), [-gain / 2, gain / 2]));
        graph.Add(new Node(OpTypes.GlobalAveragePool, "pool", ["x"], ["m"]));
        graph.Add(new Node(OpTypes.Flatten, "flat", ["m"], ["f"]));
        graph.Add(new Node(OpTypes.Gemm, "fc", ["f", "w", "b"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 2)));
        var input = Tensor.From<float>(shape, [.. Enumerable.Repeat(0.75f, Side * Side)]);
        var output = Tensor.From<float>(new Shape(1, 2), [(gain / 4) + (breaks ? 1 : 0), -gain / 4]);
        var manifest = new Manifest
        {
            Name = "bright-or-dark",
            ExporterVersion = "0.1.0",
            Precision = "fp32",
            ModelVersion = version,
            Inputs = [new("x", "float32", [1, 1, Side, Side], "NCHW")],
            Preprocess = ManifestPreprocess.From(new PreprocessSpec { Height = Side, Width = Side, Color = ColorOrder.Gray, Mean = [0], Std = [1] }),
            Golden = new(1, 0.001),
        };
        return new(manifest, graph, labels ?? ["bright", "dark"], [new([input], [output])]);
    }
}
