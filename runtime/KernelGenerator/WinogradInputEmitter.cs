using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits Bᵀ d B of Winograd's method, <c>void kernel(WinogradInputArgs*)</c>, System V: 16 channels at a time, all in registers:
/// columns, then rows. Operation for operation what the AVX2 transforms do, so that both give the same bits.
/// </summary>
/// <remarks>
/// 36 values are more than there are registers, but the upper and the lower three rows of Bᵀ share no operation: the columns are done
/// twice, half of the rows each time. A buffer on the stack was slower (72 stores of 64 bytes, one a cycle on Zen 5).
/// rsi: arena at the channels; rdx: offsets of the tile; rcx: output at the channels; r8, r9: one and three pitches; r10: vectors left.
/// </remarks>
internal static class WinogradInputEmitter
{
    private const int Four = 30, Five = 31, Temporary = 20;

    /// <param name="a">Receives the code.</param>
    /// <param name="outputs">2 or 4.</param>
    public static void Emit(Assembler a, int outputs)
    {
        int side = outputs + 2;
        Label tile = a.CreateLabel(), vector = a.CreateLabel();
        a.mov(rdx, __qword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Offsets))]);
        a.mov(r8, __qword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Pitch))]);
        a.lea(r9, __[r8 + r8 * 2]);
        if (outputs == 4)
        {
            Constant(a, Four, 4);
            Constant(a, Five, 5);
        }

        a.Label(ref tile);
        a.mov(rsi, __qword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Arena))]);
        a.mov(rcx, __qword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Transformed))]);
        a.mov(r10d, __dword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Vectors))]);
        a.Label(ref vector);
        a.mov(r11, rcx);
        for (int half = 0; half < (outputs == 4 ? 2 : 1); half++)
        {
            for (int x = 0; x < side; x++)
                (outputs == 2 ? (Action<Assembler, int>)Column2 : half == 0 ? Column4Upper : Column4Lower)(a, x);
            Rows(a, side, outputs == 4 ? 3 : 4);
        }

        a.add(rsi, 64);
        a.add(rcx, 64);
        a.dec(r10d);
        a.jne(vector);
        a.add(rdx, side * side * 4);
        a.mov(rax, __qword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.TilePitch))]);
        a.add(__qword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Transformed))], rax);
        a.dec(__dword_ptr[rdi + Field<WinogradInputArgs>(nameof(WinogradInputArgs.Tiles))]);
        a.jne(tile);
        a.vzeroupper();
        a.ret();
    }

    private static void Constant(Assembler a, int register, float value)
    {
        a.mov(eax, BitConverter.SingleToInt32Bits(value));
        a.vpbroadcastd(Zmm(register), eax);
    }

    /// <summary>The pixel (y, x) of the tile; eax is lost.</summary>
    private static AssemblerMemoryOperand Pixel(Assembler a, int side, int y, int x)
    {
        a.mov(eax, __dword_ptr[rdx + (y * side + x) * 4]);
        return __zmmword_ptr[rsi + rax];
    }

    /// <summary>Registers x, 4 + x, 8 + x, 12 + x = Bᵀ of column x.</summary>
    private static void Column2(Assembler a, int x)
    {
        const int side = 4, d1 = Temporary + 1, d2 = Temporary + 2;
        a.vmovups(Zmm(d1), Pixel(a, side, 1, x));
        a.vmovups(Zmm(d2), Pixel(a, side, 2, x));
        a.vmovups(Zmm(x), Pixel(a, side, 0, x));
        a.vsubps(Zmm(x), Zmm(x), Zmm(d2));
        a.vaddps(Zmm(4 + x), Zmm(d1), Zmm(d2));
        a.vsubps(Zmm(8 + x), Zmm(d2), Zmm(d1));
        a.vsubps(Zmm(12 + x), Zmm(d1), Pixel(a, side, 3, x));
    }

    /// <summary>Registers x, 6 + x, 12 + x = rows 0, 1, 2 of Bᵀ times column x.</summary>
    private static void Column4Upper(Assembler a, int x)
    {
        const int side = 6, d1 = Temporary, d2 = Temporary + 1, odd = Temporary + 2, even = Temporary + 3;
        a.vmovups(Zmm(d1), Pixel(a, side, 1, x));
        a.vmovups(Zmm(d2), Pixel(a, side, 2, x));
        a.vmovups(Zmm(odd), Pixel(a, side, 3, x));
        a.vmovups(Zmm(x), Pixel(a, side, 4, x));
        a.vmovaps(Zmm(even), Zmm(x));
        a.vfnmadd231ps(Zmm(even), Zmm(d2), Zmm(Four)); // d4 - 4·d2
        a.vfnmadd231ps(Zmm(odd), Zmm(d1), Zmm(Four)); // d3 - 4·d1
        a.vfnmadd231ps(Zmm(x), Zmm(d2), Zmm(Five));
        a.vfmadd231ps(Zmm(x), Zmm(Four), Pixel(a, side, 0, x)); // 4·d0 - 5·d2 + d4
        a.vaddps(Zmm(6 + x), Zmm(even), Zmm(odd));
        a.vsubps(Zmm(12 + x), Zmm(even), Zmm(odd));
    }

    /// <summary>Registers x, 6 + x, 12 + x = rows 3, 4, 5 of Bᵀ times column x.</summary>
    private static void Column4Lower(Assembler a, int x)
    {
        const int side = 6, d1 = Temporary, d3 = Temporary + 1, odd = Temporary + 2, even = Temporary + 3;
        a.vmovups(Zmm(d1), Pixel(a, side, 1, x));
        a.vmovups(Zmm(d3), Pixel(a, side, 3, x));
        a.vmovups(Zmm(even), Pixel(a, side, 4, x));
        a.vsubps(Zmm(even), Zmm(even), Pixel(a, side, 2, x));
        a.vsubps(Zmm(odd), Zmm(d3), Zmm(d1));
        a.vaddps(Zmm(odd), Zmm(odd), Zmm(odd));
        a.vmovups(Zmm(12 + x), Pixel(a, side, 5, x));
        a.vfnmadd231ps(Zmm(12 + x), Zmm(d3), Zmm(Five));
        a.vfmadd231ps(Zmm(12 + x), Zmm(d1), Zmm(Four)); // 4·d1 - 5·d3 + d5
        a.vaddps(Zmm(x), Zmm(even), Zmm(odd));
        a.vsubps(Zmm(6 + x), Zmm(even), Zmm(odd));
    }

    /// <summary>Bᵀ along so many rows of registers, to memory; r11 moves on.</summary>
    private static void Rows(Assembler a, int side, int rows)
    {
        for (int y = 0; y < rows; y++)
        {
            int[] line = Line(a, side, y * side);
            a.vmovups(__zmmword_ptr[r11], Zmm(line[0]));
            a.vmovups(__zmmword_ptr[r11 + r8], Zmm(line[1]));
            a.vmovups(__zmmword_ptr[r11 + r8 * 2], Zmm(line[2]));
            a.vmovups(__zmmword_ptr[r11 + r9], Zmm(line[3]));
            if (side > 4)
            {
                a.vmovups(__zmmword_ptr[r11 + r8 * 4], Zmm(line[4]));
                a.add(r11, r8);
                a.vmovups(__zmmword_ptr[r11 + r8 * 4], Zmm(line[5]));
                a.add(r11, r8);
            }

            a.lea(r11, __[r11 + r8 * 4]);
        }
    }

    /// <summary>One dimension of the registers from <paramref name="d"/> on; returns where the results are.</summary>
    private static int[] Line(Assembler a, int side, int d)
    {
        const int t0 = Temporary, t1 = t0 + 1, t2 = t0 + 2, t3 = t0 + 3, t4 = t0 + 4;
        if (side == 4)
        {
            a.vsubps(Zmm(t0), Zmm(d), Zmm(d + 2));
            a.vaddps(Zmm(t1), Zmm(d + 1), Zmm(d + 2));
            a.vsubps(Zmm(t2), Zmm(d + 2), Zmm(d + 1));
            a.vsubps(Zmm(t3), Zmm(d + 1), Zmm(d + 3));
            return [t0, t1, t2, t3];
        }

        a.vmovaps(Zmm(t0), Zmm(d + 4));
        a.vfnmadd231ps(Zmm(t0), Zmm(d + 2), Zmm(Four));
        a.vmovaps(Zmm(t1), Zmm(d + 3));
        a.vfnmadd231ps(Zmm(t1), Zmm(d + 1), Zmm(Four));
        a.vsubps(Zmm(t2), Zmm(d + 4), Zmm(d + 2));
        a.vsubps(Zmm(t3), Zmm(d + 3), Zmm(d + 1));
        a.vaddps(Zmm(t3), Zmm(t3), Zmm(t3));
        a.vfnmadd231ps(Zmm(d + 4), Zmm(d + 2), Zmm(Five));
        a.vfmadd231ps(Zmm(d + 4), Zmm(d), Zmm(Four));
        a.vfnmadd231ps(Zmm(d + 5), Zmm(d + 3), Zmm(Five));
        a.vfmadd231ps(Zmm(d + 5), Zmm(d + 1), Zmm(Four));
        a.vaddps(Zmm(d), Zmm(t0), Zmm(t1));
        a.vsubps(Zmm(d + 1), Zmm(t0), Zmm(t1));
        a.vaddps(Zmm(d + 2), Zmm(t2), Zmm(t3));
        a.vsubps(Zmm(t4), Zmm(t2), Zmm(t3));
        return [d + 4, d, d + 1, d + 2, t4, d + 5];
    }
}
