using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Onnx.Proto;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>
/// ONNX's own backend tests of single nodes, as Debian packs them (libonnx-testdata), or in the folder that RESNETEDGE_ONNX_TESTS names.
/// </summary>
public class OnnxNodeTests
{
    private const string Variable = "RESNETEDGE_ONNX_TESTS", DebiansFolder = "/usr/share/libonnx-testdata/data/node";

    // Each test as it is, with all inputs but the first as constants, and with all: some operators want the one, some models have the other.
    private static readonly int[] MostFed = [int.MaxValue, 1, 0];

    // Of ONNX's own runner.
    private const double Relative = 1e-3, Absolute = 1e-7;

    private static readonly Lazy<ILookup<string, string>> FoldersByOperator = new(() => Directory.GetDirectories(Folder)
        .Select(folder => (folder, Name: OnlyOperator(folder))).Where(static f => f.Name is not null)
        .ToLookup(static f => f.Name!, static f => f.folder, StringComparer.Ordinal));

    public static TheoryData<string> Operators => OperatorTests.Operators;

    private static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : DebiansFolder;

    /// <summary>A test may be refused, since not all of an operator is supported; answered, it must be right.</summary>
    [SkippableTheory, MemberData(nameof(Operators))]
    public void An_operator_gives_what_ONNX_says_or_refuses(string name)
    {
        Skip.IfNot(Directory.Exists(Folder), $"no folder {Folder}: install Debian's libonnx-testdata, or set {Variable}");
        var folders = FoldersByOperator.Value[name].ToList();
        Skip.If(folders.Count == 0, $"ONNX has no test of {name} alone");
        int answered = folders.Count(folder => MostFed.Select(fed => Answers(folder, fed)).ToList().Contains(true));
        Assert.True(answered > 0, $"all {folders.Count} tests are refused");
    }

    private static bool Answers(string folder, int mostFed)
    {
        Graph graph, read;
        Tensor[] inputs, expected;
        try
        {
            graph = OnnxReader.Read(Path.Combine(folder, "model.onnx"));
            // ONNX stores what is fed to a bfloat16 input as the uint16 numbers that have its bits.
            inputs = [.. Tensors(folder, "input").Select((tensor, i) => i < graph.Inputs.Count && graph.Inputs[i].Type == ElementType.BFloat16
                ? new Tensor(ElementType.BFloat16, tensor.Shape, tensor.Bytes) : tensor)];
            expected = Tensors(folder, "output");
            while (graph.Inputs.Count > mostFed)
            {
                graph.Initializers[graph.Inputs[^1].Name] = inputs[graph.Inputs.Count - 1];
                graph.Inputs.RemoveAt(graph.Inputs.Count - 1);
            }

            read = PassList.Read(graph);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            return false;
        }

        // Some have data of another shape than they declare.
        if (graph.Inputs.Zip(inputs).Any(static pair => pair.First.Shape != pair.Second.Shape)) return false;
        // Those of half or double precision are computed in single, and converted by the planned engine.
        bool isSingle = read.Inputs.Concat(read.Outputs).All(value => !read.EdgeTypes.ContainsKey(value.Name));
        bool hasAnswered = Compare(folder, () => new FusedEngine(graph, new EngineOptions()), inputs, expected);
        return isSingle ? hasAnswered & Compare(folder, () => new ReferenceEngine(read), inputs, expected) : hasAnswered;
    }

    private static bool Compare(string folder, Func<IEngine> make, Tensor[] inputs, Tensor[] expected)
    {
        IEngine engine;
        try
        {
            engine = make();
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            return false;
        }

        using (engine)
        {
            for (int i = 0; i < engine.Inputs.Count; i++) engine.SetInputBytes(i, inputs[i].Bytes.Span);
            try
            {
                engine.Run();
            }
            catch (EdgeException e) when (e.Kind == FailureKind.BadInput && e.Message.Contains("not supported", StringComparison.Ordinal))
            {
                return false;
            }

            for (int o = 0; o < engine.Outputs.Count; o++)
            {
                byte[] bytes = new byte[engine.Outputs[o].ByteCount()];
                engine.GetOutputBytes(o, bytes);
                var found = new Tensor(engine.Outputs[o].Type, engine.Outputs[o].Shape, bytes);
                AssertClose($"{Path.GetFileName(folder)} on {engine.Name}", expected[o], found);
            }
        }

        return true;
    }

    private static void AssertClose(string test, Tensor expected, Tensor found)
    {
        Assert.Equal((test, expected.Type, expected.Shape), (test, found.Type, found.Shape));
        float[] wanted = expected.ToFloats(), got = found.ToFloats();
        var (relative, absolute) = expected.Type.IsFloat() ? (Relative, Absolute) : (0, 0);
        for (int i = 0; i < wanted.Length; i++)
        {
            bool isClose = wanted[i].Equals(got[i]) || Math.Abs(wanted[i] - got[i]) <= absolute + relative * Math.Abs(wanted[i]);
            Assert.True(isClose, $"{test}, element {i}: {got[i]} instead of {wanted[i]}");
        }
    }

    private static Tensor[] Tensors(string folder, string kind)
    {
        var found = new List<Tensor>();
        for (int i = 0; Path.Combine(folder, "test_data_set_0", $"{kind}_{i}.pb") is var path && File.Exists(path); i++)
            found.Add(new TensorReader(new OnnxSource(path)).Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)), "the tensor"));
        return [.. found];
    }

    private static string? OnlyOperator(string folder)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        return model.Graph.Node.Count == 1 && model.Graph.Node[0].Domain.Length == 0 ? model.Graph.Node[0].OpType : null;
    }
}
