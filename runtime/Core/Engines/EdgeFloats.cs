using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Engines;

/// <summary>
/// The floats that callers give and get, in the Float32 of an engine and back. Half precision becomes Float32 exactly; everything else is rounded
/// once, to nearest.
/// </summary>
internal static class EdgeFloats
{
    /// <summary>Converts to Float32.</summary>
    /// <param name="type">Of <paramref name="from"/>.</param>
    /// <param name="from">The elements' bytes.</param>
    /// <param name="to">As many elements.</param>
    /// <exception cref="EdgeException">Bad input: a finite number is too large for Float32.</exception>
    public static void Widen(ElementType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        switch (type)
        {
            case ElementType.Float16: HalfNumbers.Widen(MemoryMarshal.Cast<byte, Half>(from), to); break;
            case ElementType.Float64: Widen(MemoryMarshal.Cast<byte, double>(from), to); break;
            case ElementType.BFloat16: Widen(MemoryMarshal.Cast<byte, ushort>(from), to); break;
            default: from.CopyTo(MemoryMarshal.AsBytes(to)); break;
        }
    }

    /// <summary>Converts from Float32.</summary>
    /// <param name="type">Of <paramref name="to"/>.</param>
    /// <param name="from">The elements.</param>
    /// <param name="to">Receives the bytes of as many elements.</param>
    public static void Narrow(ElementType type, ReadOnlySpan<float> from, Span<byte> to)
    {
        switch (type)
        {
            case ElementType.Float16: HalfNumbers.Narrow(from, MemoryMarshal.Cast<byte, Half>(to)); break;
            case ElementType.Float64: Narrow(from, MemoryMarshal.Cast<byte, double>(to)); break;
            case ElementType.BFloat16: Narrow(from, MemoryMarshal.Cast<byte, ushort>(to)); break;
            default: MemoryMarshal.AsBytes(from).CopyTo(to); break;
        }
    }

    private static void Widen(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
            if (double.IsFinite(from[i]) && !float.IsFinite(to[i]))
                throw EdgeException.BadInput(
                    $"element {i} of a float64 input is {from[i]}; networks are computed in Float32, where it is not supported");
        }
    }

    private static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = BFloat16Bits.ToSingle(from[i]);
    }

    private static void Narrow(ReadOnlySpan<float> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i];
    }

    private static void Narrow(ReadOnlySpan<float> from, Span<ushort> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = BFloat16Bits.Of(from[i]);
    }
}
