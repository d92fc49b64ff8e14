using System.Runtime.CompilerServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>An operator's reference as a step of a plan; one thread does all of it.</summary>
internal sealed unsafe class ReferenceKernel(Node node, PlanBuffer?[] reads, TensorInfo?[] infos, PlanBuffer writes, TensorInfo info) : PreparedKernel
{
    /// <summary>Nodes with more inputs are refused; their views would not fit the stack.</summary>
    public const int MaxInputs = 64;

    private readonly Operator _operator = OperatorTable.Of(node);
    private readonly long[] _offsets = [.. reads.Select(r => r?.Offset ?? -1)];
    private readonly long _output = writes.Offset;

    public override string Name => node.OpType + "Reference";

    public override void Run(byte* arena, int part, int parts)
    {
        if (part != 0) return;
        Views views = default;
        Span<TensorView> inputs = views[..reads.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = infos[i] is { } input ? new TensorView(input.Type, input.Shape, arena + _offsets[i]) : default;
        var output = new TensorView(info.Type, info.Shape, arena + _output);
        _operator.Evaluate(node, inputs, new ReadOnlySpan<TensorView>(ref output));
    }

    [InlineArray(MaxInputs)]
    private struct Views
    {
        private TensorView _first;
    }
}
