namespace ResNetEdge.Steps;

/// <summary>One dimension of a <see cref="BinaryFp32Problem"/>.</summary>
/// <param name="Size">Elements of the output along it.</param>
/// <param name="Left">Bytes from one element of the first input to the next; 0 where it is spread.</param>
/// <param name="Right">The same of the second input.</param>
/// <param name="Output">The same of the output.</param>
internal readonly record struct BinaryDimension(int Size, long Left, long Right, long Output)
{
    /// <summary>
    /// The same walk over the same elements with as few dimensions as can be: those of one element are left out, and two are joined where the outer
    /// one continues the inner one in all three values.
    /// </summary>
    /// <param name="dimensions">Outermost first.</param>
    /// <returns>At least one.</returns>
    public static BinaryDimension[] Joined(IEnumerable<BinaryDimension> dimensions)
    {
        var joined = new List<BinaryDimension>();
        foreach (var inner in dimensions.Where(static d => d.Size != 1))
        {
            if (joined.Count > 0 && inner.Continues(joined[^1])) joined[^1] = inner with { Size = checked(inner.Size * joined[^1].Size) };
            else joined.Add(inner);
        }

        return joined.Count > 0 ? [.. joined] : [new(1, sizeof(float), sizeof(float), sizeof(float))];
    }

    private bool Continues(BinaryDimension outer) => outer.Left == Left * Size && outer.Right == Right * Size && outer.Output == Output * Size;
}
