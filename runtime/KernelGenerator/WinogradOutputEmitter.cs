using Iced.Intel;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Emits Aᵀ M A of one tile and panel with its epilogue, <c>void kernel(WinogradEpilogue*, float* products, long pitchBytes)</c>, System V:
/// 16 lanes at a time, all in registers. Operation for operation what the AVX2 transforms do, so that both give the same bits.
/// </summary>
/// <remarks>
/// rsi: products at the lanes; rdx, r8, r9: pitch of a product, of a row of products, and three rows; rcx, r11: output and residual row;
/// r10, rbx: their pixels' pitch; r12: bias; r13, r14: output and residual at the lanes; r15: lanes left; k1: lanes that exist.
/// </remarks>
internal static class WinogradOutputEmitter
{
    private const int Temporary = 24, Bias = 28, Two = 29, Four = 30, Eight = 31;

    private static readonly AssemblerRegister64[] Saved = [rbx, r12, r13, r14, r15];

    /// <param name="a">Receives the code.</param>
    /// <param name="outputs">2 or 4.</param>
    public static void Emit(Assembler a, int outputs)
    {
        int side = outputs + 2;
        Label vector = a.CreateLabel(), next = a.CreateLabel(), noResidual = a.CreateLabel();
        Prologue(a, outputs);
        a.Label(ref vector);
        a.vmovups(Zmm(Bias), __zmmword_ptr[r12]);
        Columns(a, side);
        a.mov(rcx, r13);
        a.mov(r11, r14);
        for (int y = 0; y < outputs; y++)
        {
            if (y > 0)
            {
                a.cmp(__dword_ptr[rdi + Field(nameof(WinogradEpilogue.Height))], y);
                a.jle(next);
                a.add(rcx, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.RowStride))]);
                a.add(r11, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.ResidualRowStride))]);
            }

            var end = y + 1 < outputs ? a.CreateLabel() : next;
            Store(a, outputs, Line(a, side, [.. Enumerable.Range(y * side, side).Select(Zmm)]), end);
            if (y + 1 < outputs)
                a.Label(ref end);
        }

        a.Label(ref next);
        a.add(rsi, 64);
        a.add(r12, 64);
        a.add(r13, 64);
        a.test(r14, r14);
        a.je(noResidual);
        a.add(r14, 64);
        a.Label(ref noResidual);
        a.kshiftrq(k1, k1, 16);
        a.sub(r15d, 16);
        a.jg(vector);
        a.vzeroupper();
        foreach (var register in Saved.Reverse())
            a.pop(register);
        a.ret();
    }

    private static int Field(string name) => Field<WinogradEpilogue>(name);

    private static void Prologue(Assembler a, int outputs)
    {
        foreach (var register in Saved)
            a.push(register);
        a.lea(r8, outputs == 4 ? __[rdx + rdx * 2] : __[rdx + rdx]);
        a.add(r8, r8); // A row of products: four or six.
        a.lea(r9, __[r8 + r8 * 2]);
        a.mov(r10, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.PixelStride))]);
        a.mov(rbx, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.ResidualPixelStride))]);
        a.mov(r12, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.Bias))]);
        a.mov(r13, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.Output))]);
        a.mov(r14, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.Residual))]);
        a.mov(r15d, __dword_ptr[rdi + Field(nameof(WinogradEpilogue.Count))]);
        a.kmovq(k1, __qword_ptr[rdi + Field(nameof(WinogradEpilogue.Mask))]);
        foreach (var (register, value) in outputs == 4 ? new[] { (Two, 2f), (Four, 4f), (Eight, 8f) } : [])
        {
            a.mov(eax, BitConverter.SingleToInt32Bits(value));
            a.vpbroadcastd(Zmm(register), eax);
        }
    }

    /// <summary>Register y·side + x = row y of Aᵀ times column x of the products.</summary>
    private static void Columns(Assembler a, int side)
    {
        a.mov(rax, rsi);
        for (int x = 0; x < side; x++)
        {
            const int t = Temporary;
            AssemblerRegisterZMM Result(int y) => Zmm(y * side + x);
            a.vmovups(Zmm(t), __zmmword_ptr[rax + r8]);
            a.vmovups(Zmm(t + 1), __zmmword_ptr[rax + r8 * 2]);
            if (side == 4)
            {
                a.vaddps(Result(0), Zmm(t), __zmmword_ptr[rax]);
                a.vaddps(Result(0), Result(0), Zmm(t + 1));
                a.vsubps(Result(1), Zmm(t), Zmm(t + 1));
                a.vsubps(Result(1), Result(1), __zmmword_ptr[rax + r9]);
            }
            else
            {
                a.lea(rcx, __[rax + r8]);
                a.vaddps(Result(2), Zmm(t), Zmm(t + 1));
                a.vsubps(Result(1), Zmm(t), Zmm(t + 1));
                a.vmovups(Zmm(t), __zmmword_ptr[rax + r9]);
                a.vmovups(Zmm(t + 1), __zmmword_ptr[rax + r8 * 4]);
                a.vaddps(Zmm(t + 2), Zmm(t), Zmm(t + 1));
                a.vsubps(Zmm(t + 3), Zmm(t), Zmm(t + 1));
                a.vaddps(Result(0), Result(2), __zmmword_ptr[rax]);
                a.vaddps(Result(0), Result(0), Zmm(t + 2));
                a.vmovaps(Result(3), Result(1));
                a.vfmadd231ps(Result(3), Zmm(t + 3), Zmm(Eight));
                a.vaddps(Result(3), Result(3), __zmmword_ptr[rcx + r8 * 4]);
                a.vfmadd231ps(Result(1), Zmm(t + 3), Zmm(Two));
                a.vfmadd231ps(Result(2), Zmm(t + 2), Zmm(Four));
            }

            a.add(rax, rdx);
        }
    }

    /// <summary>One dimension of registers, plus the bias; returns where the results are.</summary>
    private static AssemblerRegisterZMM[] Line(Assembler a, int side, AssemblerRegisterZMM[] m)
    {
        const int t = Temporary;
        AssemblerRegisterZMM[] results;
        if (side == 4)
        {
            results = [m[0], m[1]];
            a.vaddps(m[0], m[0], m[1]);
            a.vaddps(m[0], m[0], m[2]);
            a.vsubps(m[1], m[1], m[2]);
            a.vsubps(m[1], m[1], m[3]);
        }
        else
        {
            results = [m[0], Zmm(t + 1), Zmm(t), m[1]];
            a.vaddps(Zmm(t), m[1], m[2]);
            a.vsubps(Zmm(t + 1), m[1], m[2]);
            a.vaddps(Zmm(t + 2), m[3], m[4]);
            a.vsubps(Zmm(t + 3), m[3], m[4]);
            a.vaddps(m[0], m[0], Zmm(t));
            a.vaddps(m[0], m[0], Zmm(t + 2));
            a.vmovaps(m[1], Zmm(t + 1));
            a.vfmadd231ps(m[1], Zmm(t + 3), Zmm(Eight));
            a.vaddps(m[1], m[1], m[5]);
            a.vfmadd231ps(Zmm(t + 1), Zmm(t + 3), Zmm(Two));
            a.vfmadd231ps(Zmm(t), Zmm(t + 2), Zmm(Four));
        }

        foreach (var result in results)
            a.vaddps(result, result, Zmm(Bias));
        return results;
    }

    /// <summary>Residual, clamp and store of a row's pixels that lie in the picture; leaves for the end after the last.</summary>
    private static void Store(Assembler a, int outputs, AssemblerRegisterZMM[] pixels, Label end)
    {
        var none = a.CreateLabel();
        a.test(r11, r11);
        a.je(none);
        AtPixels(a, outputs, r11, rbx, end: none, (x, place) => a.vaddps(pixels[x].k1, pixels[x], place));
        a.Label(ref none);
        AssemblerRegisterZMM low = Zmm(Temporary + 2), high = Zmm(Temporary + 3); // No result is in these.
        a.vbroadcastss(low, __dword_ptr[rdi + Field(nameof(WinogradEpilogue.Low))]);
        a.vbroadcastss(high, __dword_ptr[rdi + Field(nameof(WinogradEpilogue.High))]);
        foreach (var pixel in pixels)
        {
            a.vmaxps(pixel, low, pixel); // In this order a NaN stays.
            a.vminps(pixel, high, pixel);
        }

        AtPixels(a, outputs, rcx, r10, end, (x, place) => a.vmovups(place.k1, pixels[x]));
    }

    private static void AtPixels(
        Assembler a, int outputs, AssemblerRegister64 row, AssemblerRegister64 pitch, Label end, Action<int, AssemblerMemoryOperand> emit)
    {
        for (int x = 0; x < outputs; x++)
        {
            if (x > 0)
            {
                a.cmp(__dword_ptr[rdi + Field(nameof(WinogradEpilogue.Width))], x);
                a.jle(end);
            }

            if (x == 3)
                a.lea(rax, __[row + pitch * 2]);
            emit(x, x switch
            {
                0 => __zmmword_ptr[row],
                1 => __zmmword_ptr[row + pitch],
                2 => __zmmword_ptr[row + pitch * 2],
                _ => __zmmword_ptr[rax + pitch],
            });
        }
    }
}
