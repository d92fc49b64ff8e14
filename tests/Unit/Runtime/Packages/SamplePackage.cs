using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

/// <summary>A small valid package, and a folder that is deleted with it.</summary>
internal sealed class SamplePackage : IDisposable
{
    public static readonly PreprocessSpec Spec = new()
    {
        Height = 4,
        Width = 5,
        Resize = ResizeMode.ShortestSide,
        ResizeSize = 6,
        Mean = [0.485f, 0.456f, 0.406f],
        Std = [0.229f, 0.224f, 0.225f],
    };

    public SamplePackage() => Folder = Directory.CreateTempSubdirectory("resnetedge-test-").FullName;

    public string Folder { get; }

    public static PackageContent Content(int seed = 1)
    {
        var random = new Random(seed);
        float[] picture = [.. Enumerable.Range(0, 60).Select(_ => random.NextSingle() - 0.5f)];
        var graph = new Graph { Name = "sample" };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 3, 4, 5)));
        graph.Add("c", Tensor.From<float>(new Shape(1, 3, 4, 5), picture));
        graph.Add(new Node("Add", "add", ["x", "c"], ["sum"]));
        graph.Add(new Node("Relu", "relu", ["sum"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 3, 4, 5)));
        var input = Tensor.From<float>(new Shape(1, 3, 4, 5), picture);
        var output = Tensor.From<float>(new Shape(1, 3, 4, 5), [.. picture.Select(v => Math.Max(0, 2 * v))]);
        return new(Manifest(), graph, ["cat", "dog", "Süßes"], [new([input], [output]), new([output], [output])]);
    }

    public static Manifest Manifest() => new()
    {
        Name = "sample",
        ExporterVersion = "0.1.0",
        Precision = "int8",
        Inputs = [new("x", "float32", [1, 3, 4, 5], "NCHW")],
        Preprocess = ManifestPreprocess.From(Spec),
        Accuracy = new(1000, 803, 0.803, 804, 0.804, 0.996),
        Golden = new(1, 0.001),
    };

    public string Write(string name, int seed = 1)
    {
        string path = Path.Combine(Folder, name);
        PackageWriter.Write(path, Content(seed));
        return path;
    }

    /// <summary>The same with a ladder of two levels: y = relu(relu(x)), then y = relu(x) + x.</summary>
    public static PackageContent Ladder()
    {
        var content = Content();
        content = content with { Golden = [content.Golden[0]] }; // the other is only there to be written
        var shape = new Shape(1, 3, 4, 5);
        var ladder = new Graph { Name = "ladder" };
        ladder.Inputs.AddRange([new("x", ElementType.Float32, shape), new("sum", ElementType.Float32, shape)]);
        ladder.Add(new Node("Relu", "first", ["x"], ["sum@1"]));
        ladder.Add("zero", new(ElementType.Float32, shape, new byte[shape.ElementCount * sizeof(float)]));
        ladder.Add(new Node("Add", "copy", ["x", "zero"], ["x.copy"]));
        ladder.Add(new Node("Add", "second", ["sum", "x.copy"], ["y@2"]));
        ladder.Outputs.AddRange([new("sum@1", ElementType.Float32, shape), new("y@2", ElementType.Float32, shape)]);
        var accuracy = new ManifestAccuracy(500, 401, 0.802, 402, 0.804, 0.99);
        return content with
        {
            Manifest = content.Manifest with
            {
                Ladder = new(PackageFiles.Ladder,
                [
                    new(["block1"], [new("sum", "sum@1")], 0, accuracy, 0.001),
                    new(["block1", "block2"], [new("sum", "sum@1"), new("y", "y@2")], 0, accuracy, 0.001),
                ]),
            },
            Ladder = ladder,
            LevelOutputs =
            [
                [.. content.Golden.Select(g => (IReadOnlyList<Tensor>)[Map(g.Inputs[0], v => Math.Max(0, v))])],
                [.. content.Golden.Select(g => (IReadOnlyList<Tensor>)[Map(g.Inputs[0], v => Math.Max(0, v) + v)])],
            ],
            Reports = new Dictionary<string, ReadOnlyMemory<byte>> { ["frontier.json"] = "{}"u8.ToArray() },
        };
    }

    public string WriteLadder(string name)
    {
        string path = Path.Combine(Folder, name);
        PackageWriter.Write(path, Ladder());
        return path;
    }

    private static Tensor Map(Tensor tensor, Func<float, float> f) => Tensor.From<float>(tensor.Shape, [.. tensor.ToFloats().Select(f)]);

    /// <summary>Asserts that nothing lies in the folder but what is named.</summary>
    public void HoldsOnly(params string[] names) =>
        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(Folder).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal));

    public void Dispose()
    {
        WrittenPackages.Check(Folder);
        Directory.Delete(Folder, recursive: true);
    }
}
