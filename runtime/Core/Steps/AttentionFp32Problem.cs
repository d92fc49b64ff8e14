namespace ResNetEdge.Steps;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., arXiv:1706.03762) of any number of heads: softmax(Scale · Q Kᵀ + mask) V. Q is [Queries][Depth], K
/// is [Keys][Depth], V is [Keys][ValueDepth]; each lies in a matrix of all heads or wherever its strides say. What is stored is float32.
/// </summary>
internal sealed record AttentionFp32Problem : StepProblem
{
    public required int Queries { get; init; }

    public required int Keys { get; init; }

    public required int Depth { get; init; }

    public required int ValueDepth { get; init; }

    public required float Scale { get; init; }

    /// <summary>Where the matrices of each head lie.</summary>
    public required IReadOnlyList<AttentionHead> Heads { get; init; }

    /// <summary>Bytes from the arena's base to what the heads' places are counted from.</summary>
    public required long Query { get; init; }

    public required long Key { get; init; }

    public required long Value { get; init; }

    /// <summary>What is added to the scaled scores; null when nothing is.</summary>
    public long? Mask { get; init; }

    public required long Output { get; init; }

    /// <summary>Bytes from one query to the next; its elements are side by side.</summary>
    public required long QueryRow { get; init; }

    /// <summary>Bytes from one key to the next.</summary>
    public required long KeyRow { get; init; }

    /// <summary>Bytes from one element of a key to the next; this or <see cref="KeyRow"/> is that of a float.</summary>
    public required long KeyElement { get; init; }

    /// <summary>Bytes from one key's value to the next; its elements are side by side.</summary>
    public required long ValueRow { get; init; }

    /// <summary>Bytes from one query's mask to the next; 0 where all have the same.</summary>
    public long MaskRow { get; init; }

    /// <summary>Bytes from one result to the next; its elements are side by side.</summary>
    public required long OutputRow { get; init; }

    public override void Check()
    {
        if (Queries < 1 || Keys < 1 || Depth < 1 || ValueDepth < 1)
            throw new ArgumentException($"attention of {Queries} queries to {Keys} keys of {Depth} and {ValueDepth}");
        foreach (long bytes in (ReadOnlySpan<long>)[Query, Key, Value, Mask ?? 0, Output, QueryRow, KeyRow, KeyElement, ValueRow, MaskRow, OutputRow])
            if (bytes < 0 || bytes % sizeof(float) != 0) throw new ArgumentException($"matrices at {Query}, {Key}, {Value} and {Output}: {bytes}");
        if (KeyRow != sizeof(float) && KeyElement != sizeof(float)) throw new ArgumentException("neither keys nor their elements are side by side");
        if (Queries > 1 && OutputRow < ValueDepth * (long)sizeof(float)) throw new ArgumentException("results overlap");
        if ((Queries - 1) * QueryRow > uint.MaxValue) throw new ArgumentException("queries lie more than 4 GiB apart");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Query = Query + places.Reads[0],
        Key = Key + places.Reads[1],
        Value = Value + places.Reads[2],
        Mask = Mask + (Mask is null ? 0 : places.Reads[3]),
        Output = Output + places.Writes[0],
    };
}

/// <summary>Places of a head, in bytes from the problem's.</summary>
internal readonly record struct AttentionHead(long Query, long Key, long Value, long Mask, long Output);
