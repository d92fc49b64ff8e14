namespace ResNetEdge.Operators.Sorting;

/// <summary>Index of the largest element along an axis.</summary>
internal sealed class ArgMax : ArgExtreme
{
    public override string OpType => "ArgMax";

    protected override bool IsLargest => true;
}
