namespace ResNetEdge.Steps;

/// <summary>Products of float matrices, both computed: y = a · b for each pair of a stack. Every matrix is row-major without gaps.</summary>
internal sealed record MatMulFp32Problem : StepProblem
{
    /// <summary>Rows of a and y.</summary>
    public required int M { get; init; }

    /// <summary>Columns of a and rows of b.</summary>
    public required int K { get; init; }

    /// <summary>Columns of b and y.</summary>
    public required int N { get; init; }

    /// <summary>For each matrix of y the ones of a and b that it is the product of.</summary>
    public required IReadOnlyList<MatrixPair> Pairs { get; init; }

    /// <summary>Bytes from the arena's base to the first matrix of a.</summary>
    public required long Left { get; init; }

    /// <summary>Bytes from the arena's base to the first matrix of b.</summary>
    public required long Right { get; init; }

    /// <summary>Bytes from the arena's base to the first matrix of y.</summary>
    public required long Output { get; init; }

    public override void Check()
    {
        if (M < 1 || K < 1 || N < 1) throw new ArgumentException($"a product of {M}x{K} and {K}x{N}");
        if (((Left | Right | Output) & (sizeof(float) - 1)) != 0 || (Left | Right | Output) < 0)
            throw new ArgumentException($"matrices at {Left}, {Right} and {Output}");
    }

    protected override StepProblem Move(StepPlaces places) =>
        this with { Left = Left + places.Reads[0], Right = Right + places.Reads[1], Output = Output + places.Writes[0] };
}

/// <summary>Two factors, each counted in its own stack.</summary>
internal readonly record struct MatrixPair(int Left, int Right);
