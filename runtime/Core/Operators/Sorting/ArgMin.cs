namespace ResNetEdge.Operators.Sorting;

/// <summary>Index of the smallest element along an axis.</summary>
internal sealed class ArgMin : ArgExtreme
{
    public override string OpType => "ArgMin";

    protected override bool IsLargest => false;
}
