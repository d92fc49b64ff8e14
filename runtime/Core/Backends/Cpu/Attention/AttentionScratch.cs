using ResNetEdge.Backends.Cpu.Product;

namespace ResNetEdge.Backends.Cpu.Attention;

/// <summary>What a thread needs for a head: packed keys, packed values, the scores of a block of queries.</summary>
/// <param name="Keys">[Depth][Keys] as panels.</param>
/// <param name="Values">[Keys][ValueDepth] as panels.</param>
/// <param name="Rows">Queries of a block.</param>
/// <param name="ScoreRow">Bytes from one query's scores to the next's.</param>
internal readonly record struct AttentionScratch(ComputedPanels Keys, ComputedPanels Values, int Rows, long ScoreRow)
{
    /// <summary>All of it, in whole cache lines.</summary>
    public long Bytes => KeyBytes + ValueBytes + Rows * ScoreRow;

    private long KeyBytes => Lines(Keys.Floats);

    private long ValueBytes => Lines(Values.Floats);

    public static unsafe float* KeysIn(byte* scratch) => (float*)scratch;

    public unsafe float* ValuesIn(byte* scratch) => (float*)(scratch + KeyBytes);

    public unsafe byte* ScoresIn(byte* scratch) => scratch + KeyBytes + ValueBytes;

    private static long Lines(long floats) => (floats * sizeof(float) + 63) / 64 * 64;
}
