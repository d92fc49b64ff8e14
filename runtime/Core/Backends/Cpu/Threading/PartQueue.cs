using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// Parts of a step that nobody has begun, which two threads take from the front. Filling counts up, so that who looked at an earlier step
/// cannot take a part of a later one by mistake.
/// </summary>
internal sealed class PartQueue
{
    // 32 bits that count fillings, 16 for the next part and 16 for the end.
    private PaddedLong _state;

    /// <summary>There is nothing to take.</summary>
    public bool IsEmpty => IsSpent(Volatile.Read(ref _state.Value));

    /// <summary>
    /// Puts parts <paramref name="first"/> .. <paramref name="end"/>-1 in, as a full fence. It must be empty, and only one thread fills it.
    /// </summary>
    /// <param name="first">From 0.</param>
    /// <param name="end">Up to 65,535.</param>
    public void Fill(int first, int end)
    {
        uint fillings = (uint)(_state.Value >> 32) + 1;
        Interlocked.Exchange(ref _state.Value, ((long)fillings << 32) | ((long)(ushort)first << 16) | (ushort)end);
    }

    /// <summary>Takes the next part.</summary>
    /// <returns>False when there was none.</returns>
    public bool TryTake(out int part)
    {
        long seen = Volatile.Read(ref _state.Value);
        while (!IsSpent(seen))
        {
            long found = Interlocked.CompareExchange(ref _state.Value, seen + (1 << 16), seen);
            if (found == seen)
            {
                part = (ushort)(seen >> 16);
                return true;
            }

            seen = found;
        }

        part = -1;
        return false;
    }

    private static bool IsSpent(long state) => (ushort)(state >> 16) >= (ushort)state;

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedLong
    {
        [FieldOffset(128)]
        public long Value;
    }
}
