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
    public static void Write(string path, long? version = null, float gain = 20, bool breaks = false, string[]? labels = null)
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
        PackageWriter.Write(path, new(manifest, graph, labels ?? ["bright", "dark"], [new([input], [output])]));
    }
}
