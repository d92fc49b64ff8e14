using System.Text.RegularExpressions;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit;
using ResNetEdge.Tests.Unit.Runtime.Sessions;

namespace ResNetEdge.Tests.Readme;

/// <summary>The library's page shows code that compiles, runs and gives what it says.</summary>
public sealed partial class SessionSampleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void The_page_shows_every_method_of_the_sample_word_for_word_and_no_other_code()
    {
        string[] methods = Methods(House.OnDisk.Files["tests/Readme/SessionSample.cs"]);
        string[] blocks = Blocks(House.OnDisk.Files["docs/library.md"]);
        Assert.Equal(7, methods.Length);
        Assert.Equal(methods, blocks);
    }

    [Fact]
    public void Pictures_are_classified()
    {
        string model = Write(SessionModels.Positive());
        Assert.Equal([2, 0], SessionSample.Classify(model, [[0, 1, 3, 2], [5, -6, -7, -8]]));
    }

    [Fact]
    public void Two_inputs_are_compared()
    {
        var (graph, shape) = (new Graph(), new Shape(1, 2));
        graph.Inputs.AddRange([new("left", ElementType.Float32, shape), new("right", ElementType.Float32, shape)]);
        graph.Add(new Node("Sub", "sub", ["left", "right"], ["distances"]));
        graph.Add(new Node("Cast", "cast", ["distances"], ["differ"]).With("to", (long)ElementType.Bool));
        graph.Outputs.AddRange([new("distances", ElementType.Float32, shape), new("differ", ElementType.Bool, shape)]);
        using var session = Session.Create(graph);
        var (distances, differ) = (new float[2], new bool[2]);
        SessionSample.Compare(session, [5, 6], [5, 4], distances, differ);
        Assert.Equal([0, 2], distances);
        Assert.Equal([false, true], differ);
    }

    [Fact]
    public void A_stream_keeps_its_state()
    {
        string model = Write(StreamingModels.Gru(1, true));
        var outputs = new List<float[]>();
        float[] frame = StreamingModels.Sound(1);
        SessionSample.Follow(model, [frame, frame], y => outputs.Add([.. y]));
        Assert.NotEqual(outputs[0], outputs[1]);
        SessionSample.Follow(model, [frame], y => Assert.Equal(outputs[0], y));
    }

    [Fact]
    public void An_open_size_is_fixed()
    {
        byte[] open = new TinyOnnx().Node("Relu", ["image"], ["y"])
            .OpenInput("image", (int)ElementType.Float32, "N", "3", "H", "W").OpenOutput("y", (int)ElementType.Float32, "N", "3", "H", "W").ToBytes();
        File.WriteAllBytes(_folder["model.onnx"], open);
        using var session = SessionSample.OpenAt(_folder["model.onnx"], 5, 7);
        Assert.Equal(new Shape(1, 3, 5, 7), session.Outputs[0].Shape);
    }

    [Fact]
    public void An_open_size_may_change_from_picture_to_picture()
    {
        byte[] open = new TinyOnnx().Node("GlobalMaxPool", ["image"], ["y"])
            .OpenInput("image", (int)ElementType.Float32, "N", "3", "H", "W").OpenOutput("y", (int)ElementType.Float32, "N", "3", "1", "1").ToBytes();
        File.WriteAllBytes(_folder["model.onnx"], open);
        var taken = new List<float[]>();
        SessionSample.Detect(_folder["model.onnx"], [(1, 2, [1, 2, 3, 4, 5, 6]), (1, 1, [7, 8, 9]), (1, 2, [9, 8, 7, 6, 5, 4])], taken.Add);
        Assert.Equal([[2, 4, 6], [7, 8, 9], [9, 7, 5]], taken);
    }

    [Fact]
    public void Forks_run_side_by_side()
    {
        using var session = Session.Create(SessionModels.Positive());
        float[][] inputs = [.. Enumerable.Range(0, 50).Select(i => new float[] { i, -i, 1, i + 1 })];
        float[][] outputs = [.. inputs.Select(_ => new float[4])];
        SessionSample.RunAll(session, inputs, outputs);
        Assert.Equal(inputs.Select(x => x.Select(v => Math.Max(0, v))), outputs);
    }

    [Fact]
    public void A_failure_is_told_and_an_engine_says_why_it_was_taken()
    {
        File.WriteAllBytes(_folder["empty.onnx"], []);
        using var log = new StringWriter();
        Assert.Null(SessionSample.TryOpen(_folder["empty.onnx"], log));
        using var session = SessionSample.TryOpen(Write(SessionModels.Positive()), log);
        Assert.NotNull(session);
        string[] lines = log.ToString().Split(Environment.NewLine);
        Assert.StartsWith("BadInput: ", lines[0], StringComparison.Ordinal);
        Assert.Contains($"{_folder["empty.onnx"]}: the file is empty", lines[0], StringComparison.Ordinal);
        Assert.Equal("engine fused: the best engine that can run the whole model", lines[1]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Each method of the class, as a page shows it: without <c>public</c> and the class's indentation.</summary>
    private static string[] Methods(string source)
    {
        string body = source[(source.IndexOf("{\n", StringComparison.Ordinal) + 2)..source.LastIndexOf('}')];
        return [.. ("\n" + body).Split("\n    public ").Skip(1).Select(method => Indentation().Replace(method, "").Trim())];
    }

    private static string[] Blocks(string page) => [.. Block().Matches(page).Select(match => match.Groups["body"].Value.Trim())];

    private string Write(Graph graph)
    {
        using var file = File.Create(_folder["model.onnx"]);
        OnnxWriter.Write(graph, file);
        return _folder["model.onnx"];
    }

    [GeneratedRegex("^    ", RegexOptions.Multiline)]
    private static partial Regex Indentation();

    [GeneratedRegex("^```csharp\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
