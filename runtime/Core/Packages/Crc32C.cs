using System.Buffers.Binary;
using System.Numerics;

namespace ResNetEdge.Packages;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), incremental, by the CPU's own instruction: several gigabytes a second.</summary>
/// <remarks>Finds damage and mix-ups each time a model is loaded, where SHA-256 would cost more
/// than the loading; against intent there is SHA-256.</remarks>
internal struct Crc32C()
{
    private uint _state = uint.MaxValue;

    /// <summary>The checksum of some bytes.</summary>
    /// <returns>8 lower-case hexadecimal digits.</returns>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var checksum = new Crc32C();
        checksum.Append(bytes);
        return checksum.ToHex();
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes) state = BitOperations.Crc32C(state, b);
        _state = state;
    }

    /// <summary>The checksum of everything added so far, as a number.</summary>
    public readonly uint Value => ~_state;

    /// <summary>The checksum of everything added so far.</summary>
    /// <returns>8 lower-case hexadecimal digits.</returns>
    public readonly string ToHex() => Value.ToString("x8");
}
