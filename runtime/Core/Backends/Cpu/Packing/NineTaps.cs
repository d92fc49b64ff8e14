using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Takes 3×3 filters of bytes apart by table look-ups, sixteen at a time: every weight of a model passes here while somebody waits.
/// </summary>
internal static unsafe class NineTaps
{
    /// <summary>Taps of a filter.</summary>
    public const int Taps = 9;

    private const int Filters = 16, Table = 64;

    /// <summary>Turns [filter][9] into [9][filter].</summary>
    /// <param name="source">Filters one behind the other.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="target">Tap 0 of the first filter.</param>
    /// <param name="pitch">Bytes from one tap to the next.</param>
    /// <returns>Filters that were taken apart, a multiple of sixteen; none on other architectures.</returns>
    public static int Split(sbyte* source, int count, sbyte* target, nint pitch)
    {
        if (!AdvSimd.Arm64.IsSupported)
            return 0;
        int whole = count / Filters * Filters;
        var first = Vector128.CreateSequence<byte>(0, Taps);
        Vector128<byte> one = Vector128.Create((byte)1), table = Vector128.Create((byte)Table);
        for (int done = 0; done < whole; done += Filters, source += Filters * Taps)
        {
            var (a, b, last) = (Four(source), Four(source + Table), Vector128.Load((byte*)source + 2 * Table));
            var index = first;
            sbyte* to = target + done;
            for (int tap = 0; tap < Taps; tap++, to += pitch, index += one)
            {
                // An index outside a table gives zero in the first look-up and leaves the byte as it is in the others.
                var next = index - table;
                var bytes = AdvSimd.Arm64.VectorTableLookupExtension(AdvSimd.Arm64.VectorTableLookup(a, index), b, next);
                AdvSimd.Arm64.VectorTableLookupExtension(bytes, last, next - table).AsSByte().Store(to);
            }
        }

        return whole;
    }

    private static (Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>) Four(sbyte* table) =>
        (Vector128.Load((byte*)table), Vector128.Load((byte*)table + 16), Vector128.Load((byte*)table + 32), Vector128.Load((byte*)table + 48));
}
