using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResNetEdge.Packages;

/// <summary>
/// SHA-256, FIPS 180-4, incremental. Our own because .NET's goes through OpenSSL, which the runtime's single file must not need and
/// whose loading alone costs more than many a first inference.
/// </summary>
internal sealed class Sha256
{
    private const int BlockBytes = 64;

    // Fractional parts of the cube roots of the first 64 primes.
    private static readonly uint[] RoundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    // Fractional parts of the square roots of the first 8 primes.
    private readonly uint[] _state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    private readonly byte[] _pending = new byte[BlockBytes];
    private int _pendingCount;
    private ulong _length;

    /// <summary>The hash of some bytes, 64 lower-case hexadecimal digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var hash = new Sha256();
        hash.Append(bytes);
        return hash.FinishHex();
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        if (_pendingCount > 0)
        {
            int take = Math.Min(BlockBytes - _pendingCount, bytes.Length);
            bytes[..take].CopyTo(_pending.AsSpan(_pendingCount));
            _pendingCount += take;
            bytes = bytes[take..];
            if (_pendingCount < BlockBytes) return;
            Compress(_pending);
            _pendingCount = 0;
        }

        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..]) Compress(bytes);
        bytes.CopyTo(_pending);
        _pendingCount = bytes.Length;
    }

    /// <summary>The hash of everything added; nothing may be added after.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string FinishHex()
    {
        ulong bits = _length * 8;
        Span<byte> padding = stackalloc byte[BlockBytes + sizeof(ulong)];
        padding.Clear();
        padding[0] = 0x80;
        int zeros = (BlockBytes + 56 - 1 - _pendingCount) % BlockBytes;
        BinaryPrimitives.WriteUInt64BigEndian(padding[(1 + zeros)..], bits);
        Append(padding[..(1 + zeros + sizeof(ulong))]);
        Span<byte> digest = stackalloc byte[32];
        for (int i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _state[i]);
        return Convert.ToHexStringLower(digest);
    }

    private void Compress(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int t = 0; t < 16; t++) w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        for (int t = 16; t < 64; t++)
        {
            uint s0 = BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18) ^ (w[t - 15] >> 3);
            uint s1 = BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19) ^ (w[t - 2] >> 10);
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }

        uint a = _state[0], b = _state[1], c = _state[2], d = _state[3], e = _state[4], f = _state[5], g = _state[6], h = _state[7];
        for (int t = 0; t < 64; t += 8)
        {
            // Eight rounds, after which every variable is back in its place: no moves between them.
            Round(a, b, c, ref d, e, f, g, ref h, RoundConstants[t] + w[t]);
            Round(h, a, b, ref c, d, e, f, ref g, RoundConstants[t + 1] + w[t + 1]);
            Round(g, h, a, ref b, c, d, e, ref f, RoundConstants[t + 2] + w[t + 2]);
            Round(f, g, h, ref a, b, c, d, ref e, RoundConstants[t + 3] + w[t + 3]);
            Round(e, f, g, ref h, a, b, c, ref d, RoundConstants[t + 4] + w[t + 4]);
            Round(d, e, f, ref g, h, a, b, ref c, RoundConstants[t + 5] + w[t + 5]);
            Round(c, d, e, ref f, g, h, a, ref b, RoundConstants[t + 6] + w[t + 6]);
            Round(b, c, d, ref e, f, g, h, ref a, RoundConstants[t + 7] + w[t + 7]);
        }

        _state[0] += a;
        _state[1] += b;
        _state[2] += c;
        _state[3] += d;
        _state[4] += e;
        _state[5] += f;
        _state[6] += g;
        _state[7] += h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint input)
    {
        uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
        uint t1 = h + s1 + ((e & f) ^ (~e & g)) + input;
        uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
        d += t1;
        h = t1 + s0 + ((a & b) ^ (a & c) ^ (b & c));
    }
}
