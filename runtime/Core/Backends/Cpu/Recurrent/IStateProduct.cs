namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>The weights of some gates of a recurrent layer, packed, and their product with states.</summary>
internal unsafe interface IStateProduct : IDisposable
{
    /// <summary>Bytes of packed weights.</summary>
    long Bytes { get; }

    /// <summary>
    /// sums += state · Rᵀ for each row: one chain of fused multiply-adds in the order of the state, which begins with the sum. May overwrite up to
    /// 63 floats behind the sums of a row.
    /// </summary>
    /// <param name="state">First state; rows are <paramref name="statePitch"/> floats apart.</param>
    /// <param name="statePitch">Floats from one state to the next.</param>
    /// <param name="sums">First sums; rows are <paramref name="sumsPitch"/> floats apart.</param>
    /// <param name="sumsPitch">Floats from the sums of one row to the next.</param>
    /// <param name="rows">How many.</param>
    void Add(float* state, long statePitch, float* sums, long sumsPitch, int rows);
}
