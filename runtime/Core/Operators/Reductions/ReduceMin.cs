using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>The smallest over axes.</summary>
internal sealed class ReduceMin : ReduceExtreme
{
    public override string OpType => OpTypes.ReduceMin;

    protected override bool IsLargest => false;
}
