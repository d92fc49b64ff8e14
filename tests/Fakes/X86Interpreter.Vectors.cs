using System.Runtime.InteropServices;
using Iced.Intel;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// Vector instructions: operands are fetched into two buffers, the result is written as a whole; beyond the vector's length it is zero.
/// </summary>
internal sealed unsafe partial class X86Interpreter
{
    private readonly byte[] _vectors = new byte[Vectors * VectorBytes],
        _left = new byte[VectorBytes], _right = new byte[VectorBytes], _result = new byte[VectorBytes];

    private delegate T Lane<T>(T accumulator, T left, T right);

    private bool ExecuteVector(in Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Vmovdqu32 or Mnemonic.Vmovdqa32 or Mnemonic.Vmovups: Move(in i, 4); break;
            case Mnemonic.Vmovdqu8: Move(in i, 1); break;
            case Mnemonic.Vpbroadcastd: Broadcast(in i, 4); break;
            case Mnemonic.Vpbroadcastw: Broadcast(in i, 2); break;
            case Mnemonic.Vpbroadcastb: Broadcast(in i, 1); break;
            case Mnemonic.Vbroadcastss: Broadcast(in i, 4); break;
            case Mnemonic.Vpmovzxbd: Widen(in i); break;
            case Mnemonic.Vextracti32x4: Extract(in i, 16); break;
            case Mnemonic.Vextracti32x8: Extract(in i, 32); break;
            case Mnemonic.Vpdpbusd: Lanes<int>(in i, static (c, x, w) => c + Dot(x, w)); break;
            case Mnemonic.Vpmaddwd: Lanes<int>(in i, static (_, x, w) => (short)x * (short)w + (x >> 16) * (w >> 16)); break;
            case Mnemonic.Vpaddd: Lanes<int>(in i, static (_, x, y) => x + y); break;
            case Mnemonic.Vpsubd: Lanes<int>(in i, static (_, x, y) => x - y); break;
            case Mnemonic.Vpandd: Lanes<int>(in i, static (_, x, y) => x & y); break;
            case Mnemonic.Vpxord: Lanes<int>(in i, static (_, x, y) => x ^ y); break;
            case Mnemonic.Vmulps: Lanes<float>(in i, static (_, x, y) => x * y); break;
            case Mnemonic.Vsubps: Lanes<float>(in i, static (_, x, y) => x - y); break;
            case Mnemonic.Vaddps: Lanes<float>(in i, static (_, x, y) => x + y); break;
            case Mnemonic.Vmaxps: Lanes<float>(in i, static (_, x, y) => x > y ? x : y); break;
            case Mnemonic.Vminps: Lanes<float>(in i, static (_, x, y) => x < y ? x : y); break;
            case Mnemonic.Vfmadd132ps: Lanes<float>(in i, static (c, x, y) => MathF.FusedMultiplyAdd(c, y, x)); break;
            case Mnemonic.Vfmadd231ps: Lanes<float>(in i, static (c, x, y) => MathF.FusedMultiplyAdd(x, y, c)); break;
            case Mnemonic.Vpaddsw: Lanes<short>(in i, static (_, x, y) => (short)Math.Clamp(x + y, short.MinValue, short.MaxValue)); break;
            case Mnemonic.Vpmaxub: Lanes<byte>(in i, static (_, x, y) => Math.Max(x, y)); break;
            case Mnemonic.Vpminub: Lanes<byte>(in i, static (_, x, y) => Math.Min(x, y)); break;
            case Mnemonic.Vcvtdq2ps: Convert<int, float>(in i, static x => x); break;
            case Mnemonic.Vcvtps2dq: Convert<float, int>(in i, Round); break;
            case Mnemonic.Vpackssdw: Pack<int, short>(in i, static x => (short)Math.Clamp(x, short.MinValue, short.MaxValue)); break;
            case Mnemonic.Vpackuswb: Pack<short, byte>(in i, static x => (byte)Math.Clamp((int)x, byte.MinValue, byte.MaxValue)); break;
            case Mnemonic.Vbroadcasti32x4: Broadcast(in i, 16); break;
            case Mnemonic.Vpshufd: ShuffleDwords(in i); break;
            case Mnemonic.Vpshufb: ShuffleBytes(in i); break;
            case Mnemonic.Vpermd: Permute(in i); break;
            case Mnemonic.Vzeroupper: ClearUpper(); break;
            default: return false;
        }

        return true;
    }

    private static int Dot(int x, int w) =>
        (byte)x * (sbyte)w + (byte)(x >> 8) * (sbyte)(w >> 8) + (byte)(x >> 16) * (sbyte)(w >> 16) + (byte)(x >> 24) * (sbyte)(w >> 24);

    /// <summary>Nearest even; what does not fit is the integer indefinite.</summary>
    private static int Round(float x)
    {
        double rounded = Math.Round((double)x, MidpointRounding.ToEven);
        return rounded is >= int.MinValue and <= int.MaxValue ? (int)rounded : int.MinValue;
    }

    private Span<byte> Vector(Register register) =>
        _vectors.AsSpan((register.IsZMM() ? register - Register.ZMM0 : register.IsYMM() ? register - Register.YMM0 : register - Register.XMM0)
            * VectorBytes, VectorBytes);

    /// <summary>An operand's bytes; a broadcast element fills the vector. Masked sources in memory are read where the mask has a bit.</summary>
    private Span<byte> Source(in Instruction i, int operand, byte[] buffer, int bytes)
    {
        if (i.GetOpKind(operand) == OpKind.Register)
        {
            Vector(i.GetOpRegister(operand)).CopyTo(buffer);
            return buffer.AsSpan(0, bytes);
        }

        byte* at = (byte*)EffectiveAddress(in i);
        if (i.IsBroadcast)
        {
            MemoryMarshal.Cast<byte, int>(buffer.AsSpan(0, bytes)).Fill(*(int*)at);
            return buffer.AsSpan(0, bytes);
        }

        for (int p = 0; p < bytes; p++)
            buffer[p] = i.HasOpMask && !Enabled(in i, p, 4) ? (byte)0 : at[p];
        return buffer.AsSpan(0, bytes);
    }

    private bool Enabled(in Instruction i, int position, int element) => !i.HasOpMask || (_masks[MaskIndex(i.OpMask)] >> position / element & 1) != 0;

    /// <summary>Writes the result; elements that the mask leaves out keep what they held.</summary>
    private void Write(in Instruction i, int bytes, int element)
    {
        if (i.ZeroingMasking)
            throw Unknown(in i);
        if (i.Op0Kind == OpKind.Memory)
        {
            byte* at = (byte*)EffectiveAddress(in i);
            for (int p = 0; p < bytes; p++)
            {
                if (Enabled(in i, p, element))
                    at[p] = _result[p];
            }

            return;
        }

        var target = Vector(i.Op0Register);
        for (int p = 0; p < bytes; p++)
        {
            if (Enabled(in i, p, element))
                target[p] = _result[p];
        }

        target[bytes..].Clear();
    }

    private void Move(in Instruction i, int element)
    {
        int bytes = i.Op0Kind == OpKind.Register ? i.Op0Register.GetSize() : i.Op1Register.GetSize();
        if (i.HasOpMask && i.Op1Kind == OpKind.Memory)
            throw Unknown(in i);
        Source(in i, 1, _result, bytes);
        Write(in i, bytes, element);
    }

    private void Broadcast(in Instruction i, int element)
    {
        int bytes = i.Op0Register.GetSize();
        ulong general = i.Op1Kind == OpKind.Register ? Value(in i, 1) : 0;
        var source = new ReadOnlySpan<byte>(i.Op1Kind == OpKind.Memory ? (byte*)EffectiveAddress(in i) : (byte*)&general, element);
        for (int p = 0; p < bytes; p += element)
            source.CopyTo(_result.AsSpan(p));
        Write(in i, bytes, element);
    }

    private void Widen(in Instruction i)
    {
        int bytes = i.Op0Register.GetSize();
        var result = MemoryMarshal.Cast<byte, int>(_result.AsSpan());
        var source = Source(in i, 1, _left, bytes / 4);
        for (int lane = 0; lane < bytes / 4; lane++)
            result[lane] = source[lane];
        Write(in i, bytes, 4);
    }

    private void Extract(in Instruction i, int bytes)
    {
        Vector(i.Op1Register).Slice(i.Immediate8 * bytes % VectorBytes, bytes).CopyTo(_result);
        Write(in i, bytes, 4);
    }

    private void Lanes<T>(in Instruction i, Lane<T> operation) where T : unmanaged
    {
        int bytes = i.Op0Register.GetSize();
        var accumulator = MemoryMarshal.Cast<byte, T>(Vector(i.Op0Register));
        var left = MemoryMarshal.Cast<byte, T>(Source(in i, 1, _left, bytes));
        var right = MemoryMarshal.Cast<byte, T>(Source(in i, 2, _right, bytes));
        var result = MemoryMarshal.Cast<byte, T>(_result.AsSpan());
        for (int lane = 0; lane < left.Length; lane++)
            result[lane] = operation(accumulator[lane], left[lane], right[lane]);
        Write(in i, bytes, sizeof(T));
    }

    private void Convert<TFrom, TTo>(in Instruction i, Func<TFrom, TTo> operation) where TFrom : unmanaged where TTo : unmanaged
    {
        int bytes = i.Op0Register.GetSize();
        var source = MemoryMarshal.Cast<byte, TFrom>(Source(in i, 1, _left, bytes));
        var result = MemoryMarshal.Cast<byte, TTo>(_result.AsSpan());
        for (int lane = 0; lane < source.Length; lane++)
            result[lane] = operation(source[lane]);
        Write(in i, bytes, sizeof(TTo));
    }

    /// <summary>In each 128 bits: the left operand's elements, then the right one's.</summary>
    private void Pack<TFrom, TTo>(in Instruction i, Func<TFrom, TTo> operation) where TFrom : unmanaged where TTo : unmanaged
    {
        int bytes = i.Op0Register.GetSize(), perLane = 16 / sizeof(TFrom);
        var left = MemoryMarshal.Cast<byte, TFrom>(Source(in i, 1, _left, bytes));
        var right = MemoryMarshal.Cast<byte, TFrom>(Source(in i, 2, _right, bytes));
        var result = MemoryMarshal.Cast<byte, TTo>(_result.AsSpan());
        for (int n = 0; n < left.Length; n++)
        {
            int lane = n / perLane, at = lane * perLane * 2 + n % perLane;
            result[at] = operation(left[n]);
            result[at + perLane] = operation(right[n]);
        }

        Write(in i, bytes, sizeof(TTo));
    }

    private void Permute(in Instruction i)
    {
        int bytes = i.Op0Register.GetSize();
        var index = MemoryMarshal.Cast<byte, int>(Source(in i, 1, _left, bytes));
        var source = MemoryMarshal.Cast<byte, int>(Source(in i, 2, _right, bytes));
        var result = MemoryMarshal.Cast<byte, int>(_result.AsSpan());
        for (int lane = 0; lane < index.Length; lane++)
            result[lane] = source[index[lane] & (index.Length - 1)];
        Write(in i, bytes, 4);
    }

    /// <summary>Within each 128-bit lane, by two bits of the immediate for each dword.</summary>
    private void ShuffleDwords(in Instruction i)
    {
        int bytes = i.Op0Register.GetSize();
        var source = MemoryMarshal.Cast<byte, int>(Source(in i, 1, _left, bytes));
        var result = MemoryMarshal.Cast<byte, int>(_result.AsSpan());
        for (int d = 0; d < bytes / 4; d++)
            result[d] = source[d / 4 * 4 + (i.Immediate8 >> (2 * (d % 4)) & 3)];
        Write(in i, bytes, 4);
    }

    /// <summary>Within each 128-bit lane, by the index in the low four bits of each byte; its top bit makes zero.</summary>
    private void ShuffleBytes(in Instruction i)
    {
        int bytes = i.Op0Register.GetSize();
        ReadOnlySpan<byte> source = Source(in i, 1, _left, bytes), index = Source(in i, 2, _right, bytes);
        for (int b = 0; b < bytes; b++)
            _result[b] = index[b] >= 0x80 ? (byte)0 : source[b / 16 * 16 + index[b] % 16];
        Write(in i, bytes, 1);
    }

    private void ClearUpper()
    {
        for (int register = 0; register < 16; register++)
            _vectors.AsSpan(register * VectorBytes + 16, VectorBytes - 16).Clear();
    }
}
