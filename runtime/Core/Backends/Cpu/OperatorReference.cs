using System.Runtime.CompilerServices;
using ResNetEdge.Operators;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

/// <summary>An operator's reference as a step of a plan; one thread does all of it.</summary>
internal sealed unsafe class OperatorReference(ReferenceProblem problem) : PreparedKernel
{
    private readonly Operator _operator = OperatorTable.Of(problem.Node);
    private readonly ReferenceValue?[] _inputs = [.. problem.Inputs], _outputs = [.. problem.Outputs];

    public override string Name => problem.Node.OpType + "Reference";

    public override void Run(byte* arena, int part, int parts)
    {
        if (part != 0)
            return;
        Views inputs = default, outputs = default;
        Fill(inputs, _inputs, arena);
        Fill(outputs, _outputs, arena);
        _operator.Evaluate(problem.Node, inputs[.._inputs.Length], outputs[.._outputs.Length]);
    }

    private static void Fill(Span<TensorView> views, ReferenceValue?[] values, byte* arena)
    {
        for (int i = 0; i < values.Length; i++)
            views[i] = values[i] is { } value ? new TensorView(value.Info.Type, value.Info.Shape, arena + value.Offset) : default;
    }

    [InlineArray(ReferenceProblem.MaxValues)]
    private struct Views
    {
        private TensorView _first;
    }
}
