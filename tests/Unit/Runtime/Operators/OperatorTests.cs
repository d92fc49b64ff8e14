using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>Every operator of the table on its stored cases, whose numbers numpy has worked out.</summary>
public class OperatorTests
{
    // References sum in double and round once; kernels sum in float.
    private const double ReferenceBound = 5e-7, KernelBound = 1e-5;

    public static TheoryData<string> Operators => [.. OperatorTable.All.Select(o => o.OpType)];

    [Theory, MemberData(nameof(Operators))]
    public void The_reference_gives_what_numpy_gives(string name)
    {
        foreach (var stored in OperatorCase.Of(name)) stored.AssertGiven(stored.Run(new ReferenceEngine(stored.Graph())), ReferenceBound);
    }

    [Theory, MemberData(nameof(Operators))]
    public void The_planned_engine_gives_what_numpy_gives(string name)
    {
        foreach (var stored in OperatorCase.Of(name))
            stored.AssertGiven(stored.Run(new FusedEngine(stored.Graph(), new EngineOptions())), KernelBound);
    }

    /// <summary>Shows that the stored cases mean what ONNX means.</summary>
    [SkippableTheory, MemberData(nameof(Operators))]
    public void Onnx_runtime_gives_what_numpy_gives(string name)
    {
        OnnxRuntimeHere.OrSkip();
        foreach (var stored in OperatorCase.Of(name))
        {
            using var session = new ManagedOnnxRuntime(OnnxRoundTripTests.Write(stored.Graph()), isOptimized: false);
            var fed = stored.Inputs.Where((input, i) => input is not null && !stored.Constants[i]);
            var outputs = session.Run([.. fed.Select(static input => input!.Bytes.ToArray())]);
            stored.AssertGiven([.. outputs.Select((bytes, i) => new Tensor(session.Outputs[i].Type, session.Outputs[i].Shape, bytes))], KernelBound);
        }
    }

    [Theory, MemberData(nameof(Operators))]
    public void A_reference_allocates_nothing(string name)
    {
        foreach (var stored in OperatorCase.Of(name))
        {
            var node = stored.Graph().Nodes[0];
            using var engine = new ReferenceEngine(stored.Graph());
            TensorView[] inputs = [.. node.Inputs.Select(input => input.Length == 0 ? default : engine.Value(input))];
            TensorView[] outputs = [.. node.Outputs.Select(output => output.Length == 0 ? default : engine.Value(output))];
            var found = OperatorTable.Of(node);
            stored.Feed(engine);
            Assert.True(Allocated(() => found.Evaluate(node, inputs, outputs)) == 0, $"{stored} allocates");
        }
    }

    [Theory, MemberData(nameof(Operators))]
    public void A_planned_run_allocates_nothing(string name)
    {
        foreach (var stored in OperatorCase.Of(name))
        {
            using var engine = new FusedEngine(stored.Graph(), new EngineOptions());
            stored.Feed(engine);
            Assert.True(Allocated(engine.Run) == 0, $"{stored} allocates");
        }
    }

    private static long Allocated(Action run)
    {
        run();
        run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3; i++) run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
