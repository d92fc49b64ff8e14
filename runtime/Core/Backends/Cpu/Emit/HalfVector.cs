using System.Runtime.CompilerServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>Eight numbers in half precision, as a register holds them.</summary>
[InlineArray(Lanes)]
internal struct HalfVector
{
    public const int Lanes = 8;

    private Half _first;

    /// <summary>One number eight times, rounded.</summary>
    public static HalfVector Of(float value)
    {
        var vector = default(HalfVector);
        ((Span<Half>)vector).Fill((Half)value);
        return vector;
    }
}
