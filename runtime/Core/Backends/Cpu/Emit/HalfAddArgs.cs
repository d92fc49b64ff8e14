using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>What the emitted add in half precision reads: clamp(left + right, Low, High). Compiled into both the runtime and the generator.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfAddArgs
{
    /// <summary>First elements; any of the three may be the same.</summary>
    public byte* Left, Right, Output;

    /// <summary>Elements, 0 or more.</summary>
    public long Count;

    /// <summary>The clamp, eight times.</summary>
    public HalfVector Low, High;
}
