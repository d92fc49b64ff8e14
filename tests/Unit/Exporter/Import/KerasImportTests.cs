using System.Text.Json.Nodes;
using ResNetEdge.Exporter.Import.Keras;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

public class KerasImportTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_model_gives_what_Keras_defines(int seed)
    {
        var (file, input, expected) = RandomKeras.Make(seed);
        Network.Near(expected, Network.Run(Source(file).Graph, "fused", input));
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public void ONNX_Runtime_gives_the_same(int seed)
    {
        OnnxRuntimeHere.OrSkip();
        var (file, input, expected) = RandomKeras.Make(seed);
        Network.Near(expected, Network.Run(Source(file).Graph, "onnxruntime", input));
    }

    [Fact]
    public void Weights_alone_are_refused_with_what_to_do()
    {
        string refused = Refusal(RandomKeras.File(null, new()));
        Assert.Contains("contains only weights", refused, StringComparison.Ordinal);
        Assert.Contains("model.save(", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_layer_is_refused_by_class_and_name() =>
        Assert.Contains("layer ConvLSTM2D 'memory' has an unsupported class",
            Refusal(RandomKeras.File(Sequential(("ConvLSTM2D", "memory", new())), new())), StringComparison.Ordinal);

    [Fact]
    public void A_layer_without_its_weights_is_refused() =>
        Assert.Contains(
            "layer Dense 'd' has no weight 'kernel'", Refusal(RandomKeras.File(Sequential(("Dense", "d", new())), new())), StringComparison.Ordinal);

    [Fact]
    public void A_subclassed_model_is_refused() =>
        Assert.Contains("'MyModel'", Refusal(RandomKeras.File(new() { ["class_name"] = "MyModel", ["config"] = new JsonObject() }, new())),
            StringComparison.Ordinal);

    [Fact]
    public void A_cycle_is_refused()
    {
        JsonObject Layer(string name, string input) => new()
        {
            ["class_name"] = "Activation",
            ["name"] = name,
            ["config"] = new JsonObject(),
            ["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray(input, 0, 0, new JsonObject()))),
        };
        var config = new JsonObject
        {
            ["layers"] = new JsonArray(Layer("a", "b"), Layer("b", "a")),
            ["input_layers"] = new JsonArray(),
            ["output_layers"] = new JsonArray("b", 0, 0),
        };
        Assert.Contains(
            "a value that no layer produces", Refusal(RandomKeras.File(new() { ["class_name"] = "Functional", ["config"] = config }, new())),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"class_name\": \"Functional\", \"con", "the error is in line 1 at byte ")]
    [InlineData("{\"class_name\": \"Sequential\",\n \"config\": NaN}", "the error is in line 2")]
    [InlineData("{}", "has no 'class_name' where one is expected")]
    [InlineData("{\"class_name\": \"Functional\", \"config\": {}}", "has no 'layers' where one is expected")]
    [InlineData("{\"class_name\": \"Functional\", \"config\": {\"layers\": 7}}", "a value has a type")]
    [InlineData("[1]", "has no 'class_name' where one is expected")]
    public void A_configuration_that_is_no_Keras_models_says_where_and_what_to_do(string json, string says)
    {
        var e = Assert.Throws<EdgeException>(() => KerasModel.Parse("m.h5", json));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains("model.save(\"model.h5\")", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_height_and_width_are_the_users()
    {
        byte[] file = RandomKeras.File(
            Sequential(("GlobalAveragePooling2D", "pool", new() { ["batch_input_shape"] = new JsonArray(null, null, null, 3) })), new());
        Assert.Contains("--input", Refusal(file), StringComparison.Ordinal);
        using var folder = new TempFolder();
        Assert.Equal("1x3x20x24", SourceNetwork.Open(folder.Write("model.h5", file), "auto", (20, 24)).Graph.Inputs[0].Shape.ToString());
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = RandomKeras.Make(3).File;
        for (int length = 0; length < whole.Length; length += 7)
            Assert.True(
                Network.ReadOrFail(whole[..length], "model.h5", path => KerasImport.Read(path, null)) is EdgeException { Kind: FailureKind.BadInput },
                $"first {length} bytes");
    }

    [Fact]
    public void Flipped_bits_are_read_or_refused_in_bounded_memory()
    {
        int refused = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] file = RandomKeras.Make(seed % 20).File;
            for (int flips = random.Next(1, 4); flips > 0; flips--) file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            long before = GC.GetAllocatedBytesForCurrentThread();
            var e = Network.ReadOrFail(file, "model.h5", path => KerasImport.Read(path, null));
            Assert.True(e is null or EdgeException { Kind: FailureKind.BadInput }, $"seed {seed}: {e}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 << 20);
            if (e is not null) refused++;
        }

        Assert.InRange(refused, 100, 1900);
    }

    private static JsonObject Sequential(params (string Kind, string Name, JsonObject Config)[] layers)
    {
        var list = new JsonArray();
        foreach (var (kind, name, config) in layers)
        {
            config["name"] = name;
            if (!config.ContainsKey("batch_input_shape")) config["batch_input_shape"] = new JsonArray(null, 4);
            list.Add(new JsonObject { ["class_name"] = kind, ["config"] = config });
        }

        return new() { ["class_name"] = "Sequential", ["config"] = new JsonObject { ["layers"] = list } };
    }

    private static SourceNetwork Source(byte[] file)
    {
        using var folder = new TempFolder();
        var source = SourceNetwork.Open(folder.Write("model.h5", file), "auto", null);
        Assert.Equal("keras h5", source.Format);
        return source;
    }

    private static string Refusal(byte[] file)
    {
        var e = Assert.IsType<EdgeException>(Network.ReadOrFail(file, "model.h5", path => KerasImport.Read(path, null)));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        return e.Message;
    }
}
