namespace ResNetEdge.Steps;

/// <summary>
/// Products of float matrices, both computed: y = a · b for each triple of a stack. Rows of a and y are side by side, as are either the rows or the
/// columns of b; what lies between them is the caller's, so that heads are read from a matrix of all of them.
/// </summary>
internal sealed record MatMulFp32Problem : StepProblem
{
    /// <summary>Rows of a and y.</summary>
    public required int M { get; init; }

    /// <summary>Columns of a and rows of b.</summary>
    public required int K { get; init; }

    /// <summary>Columns of b and y.</summary>
    public required int N { get; init; }

    /// <summary>Where the matrices of each product lie.</summary>
    public required IReadOnlyList<MatrixTriple> Products { get; init; }

    /// <summary>Bytes from the arena's base to the stack of a.</summary>
    public required long Left { get; init; }

    /// <summary>Bytes from the arena's base to the stack of b.</summary>
    public required long Right { get; init; }

    /// <summary>Bytes from the arena's base to the stack of y.</summary>
    public required long Output { get; init; }

    /// <summary>Bytes from one row of a to the next.</summary>
    public required long LeftRow { get; init; }

    /// <summary>Bytes from one row of b to the next.</summary>
    public required long RightRow { get; init; }

    /// <summary>Bytes from one column of b to the next; this or <see cref="RightRow"/> is that of a float.</summary>
    public required long RightColumn { get; init; }

    /// <summary>Bytes from one row of y to the next.</summary>
    public required long OutputRow { get; init; }

    public override void Check()
    {
        if (M < 1 || K < 1 || N < 1) throw new ArgumentException($"a product of {M}x{K} and {K}x{N}");
        foreach (long bytes in (ReadOnlySpan<long>)[Left, Right, Output, LeftRow, RightRow, RightColumn, OutputRow])
            if (bytes < 0 || bytes % sizeof(float) != 0) throw new ArgumentException($"matrices at {Left}, {Right} and {Output}: {bytes}");
        if (RightRow != sizeof(float) && RightColumn != sizeof(float)) throw new ArgumentException("neither rows nor columns of b are side by side");
        if (M > 1 && OutputRow < N * (long)sizeof(float)) throw new ArgumentException("rows of y overlap");
        if ((M - 1) * LeftRow > uint.MaxValue) throw new ArgumentException("rows of a lie more than 4 GiB apart");
    }

    protected override StepProblem Move(StepPlaces places) =>
        this with { Left = Left + places.Reads[0], Right = Right + places.Reads[1], Output = Output + places.Writes[0] };
}

/// <summary>Two factors and their product, each in bytes from the beginning of its own stack.</summary>
internal readonly record struct MatrixTriple(long Left, long Right, long Output);
