using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>The largest over axes.</summary>
internal sealed class ReduceMax : ReduceExtreme
{
    public override string OpType => OpTypes.ReduceMax;

    protected override bool IsLargest => true;
}
