using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Functions;

/// <summary>
/// Emits a function of every float, <c>void kernel(FunctionArgs*)</c>, System V: two registers of 16 lanes at a time, then one, masked at the end.
/// Constants stay in registers. The operations are those that the function was recorded with, so that it gives the same bits as any other lanes.
/// </summary>
/// <remarks>rsi: input; rdx: output; rcx: elements left; rax: scratch; k1: comparisons; k2: lanes that exist.</remarks>
internal static class FunctionEmitter
{
    private const int Lanes = 16, RegisterCount = 32;
    private const int Compare = 1, Exists = 2;
    private const byte IsLess = 1; // _CMP_LT_OS: false of a NaN

    /// <param name="a">Receives the code.</param>
    /// <param name="recording">The function.</param>
    /// <exception cref="InvalidOperationException">It needs more registers than there are.</exception>
    public static void Emit(Assembler a, Recording recording)
    {
        Label both = a.CreateLabel(), single = a.CreateLabel(), done = a.CreateLabel(), last = a.CreateLabel();
        a.mov(rsi, __qword_ptr[rdi + Field<FunctionArgs>(nameof(FunctionArgs.Input))]);
        a.mov(rdx, __qword_ptr[rdi + Field<FunctionArgs>(nameof(FunctionArgs.Output))]);
        a.mov(rcx, __qword_ptr[rdi + Field<FunctionArgs>(nameof(FunctionArgs.Count))]);
        for (int i = 0; i < recording.Constants.Count; i++)
        {
            a.mov(eax, recording.Constants[i].Bits);
            a.vpbroadcastd(Zmm(i), eax);
        }

        a.sub(rcx, 2 * Lanes);
        a.jl(single);
        a.Label(ref both);
        Walk(a, recording, vectors: 2, isMasked: false);
        a.add(rsi, 2 * Lanes * sizeof(float));
        a.add(rdx, 2 * Lanes * sizeof(float));
        a.sub(rcx, 2 * Lanes);
        a.jge(both);

        a.Label(ref single);
        a.add(rcx, 2 * Lanes);
        a.jle(done);
        a.Label(ref last);
        a.mov(eax, (1u << Lanes) - 1);
        a.bzhi(eax, eax, ecx); // all lanes where there are more elements
        a.kmovw(Mask(Exists), eax);
        Walk(a, recording, vectors: 1, isMasked: true);
        a.add(rsi, Lanes * sizeof(float));
        a.add(rdx, Lanes * sizeof(float));
        a.sub(rcx, Lanes);
        a.jg(last);
        a.Label(ref done);
        a.vzeroupper();
        a.ret();
    }

    private static void Walk(Assembler a, Recording recording, int vectors, bool isMasked)
    {
        var file = new RegisterFile(recording, RegisterCount);
        for (int v = 0; v < vectors; v++)
        {
            var x = Zmm(file.Take(Recording.Input, v));
            a.vmovups(isMasked ? x.k2.z : x, __zmmword_ptr[rsi + v * Lanes * sizeof(float)]);
        }

        for (int i = 0; i < recording.Operations.Count; i++)
        {
            for (int v = 0; v < vectors; v++)
                Step(a, file, recording.Operations[i], i, v);
        }

        for (int v = 0; v < vectors; v++)
        {
            var to = __zmmword_ptr[rdx + v * Lanes * sizeof(float)];
            a.vmovups(isMasked ? to.k2 : to, Zmm(file.Of(recording.Result, v)));
        }
    }

    private static void Step(Assembler a, RegisterFile file, RecordedOperation step, int at, int v)
    {
        AssemblerRegisterZMM Read(int operand) => Zmm(file.Of(step.Operands[operand], v));
        if (step.Operation == Operation.MultiplyAdd)
        {
            MultiplyAdd(a, file, step, at, v);
            return;
        }

        AssemblerRegisterZMM[] from = [.. step.Operands.Select((_, i) => Read(i))];
        if (step.Operation == Operation.IfLess)
            a.vcmpps(Mask(Compare), from[0], from[1], IsLess);
        file.Release(step, at, v);
        var to = Zmm(file.Take(step.Result, v));
        switch (step.Operation)
        {
            case Operation.Add:
                a.vaddps(to, from[0], from[1]);
                break;
            case Operation.Subtract:
                a.vsubps(to, from[0], from[1]);
                break;
            case Operation.Multiply:
                a.vmulps(to, from[0], from[1]);
                break;
            case Operation.Divide:
                a.vdivps(to, from[0], from[1]);
                break;
            case Operation.Minimum:
                a.vminps(to, from[0], from[1]);
                break;
            case Operation.Maximum:
                a.vmaxps(to, from[0], from[1]);
                break;
            case Operation.IfLess:
                a.vblendmps(to.k1, from[3], from[2]);
                break;
            case Operation.PowerOfTwo:
                a.vpslld(to, from[0], 23);
                a.vpaddd(to, to, from[1]);
                break;
            default:
                throw new InvalidOperationException($"{step.Operation}");
        }
    }

    // It overwrites one of its operands: the first that nothing needs any more, else a copy of the addend.
    private static void MultiplyAdd(Assembler a, RegisterFile file, RecordedOperation step, int at, int v)
    {
        int[] from = [.. step.Operands.Select(o => file.Of(o, v))];
        int dying = Array.FindIndex(step.Operands, o => file.Dies(o, at));
        if (dying < 0)
        {
            var copy = Zmm(file.Take(step.Result, v));
            a.vmovaps(copy, Zmm(from[2]));
            a.vfmadd231ps(copy, Zmm(from[0]), Zmm(from[1]));
            file.Release(step, at, v);
            return;
        }

        file.Replace(step.Operands[dying], step.Result, v);
        file.Release(step, at, v);
        var to = Zmm(from[dying]);
        if (dying == 2)
            a.vfmadd231ps(to, Zmm(from[0]), Zmm(from[1]));
        else
            a.vfmadd213ps(to, Zmm(from[1 - dying]), Zmm(from[2]));
    }
}
