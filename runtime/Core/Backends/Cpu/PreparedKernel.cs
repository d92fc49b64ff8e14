namespace ResNetEdge.Backends.Cpu;

/// <summary>
/// A kernel bound to one layer: packed constants and offsets, made once at load. Holds no activation, so sessions share it;
/// what it reads and writes, scratch memory too, lies in the arena of the caller. Never allocates managed memory when run.
/// </summary>
internal abstract unsafe class PreparedKernel : IStepKernel
{
    /// <summary>Grammar: operation, type, instruction set, e.g. <c>ConvInt8Avx512Vnni</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of packed constants and tables held in native memory.</summary>
    public virtual long PackedBytes => 0;

    /// <summary>Does part <paramref name="part"/> of <paramref name="parts"/>; parts write disjoint memory and may run at the same time.</summary>
    /// <param name="arena">Base of an arena laid out as at preparation.</param>
    /// <param name="part">0 .. parts-1.</param>
    /// <param name="parts">1 when one thread does all of it.</param>
    public abstract void Run(byte* arena, int part, int parts);

    /// <summary>Frees packed constants.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees native memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
