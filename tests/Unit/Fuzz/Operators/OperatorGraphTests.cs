using Microsoft.ML.OnnxRuntime;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Random graphs over the whole operator table. RESNETEDGE_FUZZ=N draws N of them, from RESNETEDGE_FUZZ_FIRST on.</summary>
public class OperatorGraphTests
{
    private const int Quick = 120;

    // Of the largest result, or of 1; the nodes before add theirs.
    private const double Bound = 2e-4;

    [Fact]
    public void A_graph_of_any_operators_gives_what_the_references_give()
    {
        int answered = Each(static (graph, fed, seed) =>
        {
            FusedEngine engine;
            try
            {
                string[] tiers = [.. KernelTiers.AvailableNames];
                engine = new FusedEngine(graph, new EngineOptions { Threads = 1 + seed % 3, Isa = tiers[seed / 3 % tiers.Length] });
            }
            catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
            {
                return false;
            }

            using (engine)
            {
                for (int i = 0; i < fed.Count; i++) engine.SetInputBytes(i, fed[i].Bytes.Span);
                // What the first run leaves must not show in the second.
                engine.Run();
                for (int i = 0; i < fed.Count; i++) engine.SetInputBytes(i, fed[i].Bytes.Span);
                engine.Run();
                AssertClose(Reference(graph, fed), [.. engine.Outputs.Select((info, o) =>
                {
                    byte[] bytes = new byte[info.ByteCount()];
                    engine.GetOutputBytes(o, bytes);
                    return new Tensor(info.Type, info.Shape, bytes);
                })], graph);
            }

            return true;
        });
        Assert.True(answered * 2 > FuzzSettings.Count(Quick), $"only {answered} graphs are run");
    }

    [SkippableFact]
    public void A_graph_of_any_operators_gives_what_onnx_runtime_gives()
    {
        OnnxRuntimeHere.OrSkip();
        int answered = Each(static (graph, fed, _) =>
        {
            IReadOnlyList<byte[]> outputs;
            try
            {
                using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(graph), isOptimized: false);
                outputs = session.Run([.. fed.Select(static value => value.Bytes.ToArray())]);
            }
            catch (OnnxRuntimeException)
            {
                return false;
            }

            AssertClose(
                Reference(graph, fed), [.. outputs.Select((bytes, o) => new Tensor(graph.Outputs[o].Type, graph.Outputs[o].Shape, bytes))], graph);
            return true;
        });
        Assert.True(answered * 4 > FuzzSettings.Count(Quick), $"ONNX Runtime runs only {answered} graphs");
    }

    private static int Each(Func<Graph, IReadOnlyList<Tensor>, int, bool> check)
    {
        int answered = 0, first = FuzzSettings.First;
        for (int seed = first; seed < first + FuzzSettings.Count(Quick); seed++)
        {
            try
            {
                var (graph, fed) = OperatorGraph.Make(seed);
                if (check(graph, fed, seed)) answered++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{e.StackTrace}");
            }
        }

        return answered;
    }

    private static IReadOnlyList<Tensor> Reference(Graph graph, IReadOnlyList<Tensor> fed)
    {
        var read = PassList.Read(graph);
        using var engine = new ReferenceEngine(read);
        for (int i = 0; i < fed.Count; i++) engine.SetInputBytes(i, fed[i].Bytes.Span);
        engine.Run();
        return [.. engine.Outputs.Select((info, o) =>
        {
            byte[] bytes = new byte[info.ByteCount()];
            engine.GetOutputBytes(o, bytes);
            return new Tensor(info.Type, info.Shape, bytes);
        })];
    }

    private static void AssertClose(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> found, Graph graph)
    {
        for (int o = 0; o < expected.Count; o++)
        {
            string what = $"output {graph.Outputs[o].Name} of {string.Join(", ", graph.Nodes.Select(static n => n.OpType))} in set {graph.Opset}";
            Assert.Equal((what, expected[o].Type, expected[o].Shape), (what, found[o].Type, found[o].Shape));
            if (!expected[o].Type.IsFloat())
            {
                Assert.True(expected[o].Bytes.Span.SequenceEqual(found[o].Bytes.Span), $"{what} differs");
                continue;
            }

            float[] wanted = expected[o].ToFloats(), got = found[o].ToFloats();
            double largest = Math.Max(1, wanted.Max(Math.Abs));
            for (int i = 0; i < wanted.Length; i++)
            {
                bool isClose = got[i].Equals(wanted[i]) || Math.Abs(got[i] - wanted[i]) <= Bound * largest;
                Assert.True(isClose, $"{what}, element {i}: {got[i]} instead of {wanted[i]}");
            }
        }
    }
}
