using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What the emitted conversions between half and float32 read; compiled into both the runtime and the generator, so that field offsets have one
/// definition.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfLineArgs
{
    /// <summary>The first element to be read, and where the first one goes.</summary>
    public byte* From, To;

    /// <summary>Elements, 0 or more.</summary>
    public long Count;
}
