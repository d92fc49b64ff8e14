using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>Between float32 and half, a run of elements; see <see cref="HalfLineArgs"/>.</summary>
internal static class HalfConversionEmitter
{
    private static readonly X Args = new(0), From = new(1), To = new(2), Count = new(3);

    /// <summary>Elements of a block.</summary>
    private const int Block = 16;

    /// <summary>Rounds to nearest, ties to even; what is too large becomes infinity.</summary>
    public static void EmitToHalf(Arm64Assembler a) => Emit(a, toHalf: true);

    /// <summary>Changes no value.</summary>
    public static void EmitToFloat(Arm64Assembler a) => Emit(a, toHalf: false);

    private static void Emit(Arm64Assembler a, bool toHalf)
    {
        Label loop = new(), rest = new(), one = new(), end = new();
        a.Ldr(From, Args.At(Field<HalfLineArgs>(nameof(HalfLineArgs.From))));
        a.Ldr(To, Args.At(Field<HalfLineArgs>(nameof(HalfLineArgs.To))));
        a.Ldr(Count, Args.At(Field<HalfLineArgs>(nameof(HalfLineArgs.Count))));
        a.Subs(Count, Count, Block);
        a.B(Condition.Below, rest);
        a.Mark(loop);
        if (toHalf)
        {
            a.Ld1(new V(0).S4, 4, From.Then(64));
            for (int i = 0; i < 2; i++)
            {
                a.Fcvtn(new V(4 + i).H4, new V(2 * i).S4);
                a.Fcvtn2(new V(4 + i).H8, new V(2 * i + 1).S4);
            }

            a.Stp(new V(4).Q, new V(5).Q, To.Then(32));
        }
        else
        {
            a.Ldp(new V(4).Q, new V(5).Q, From.Then(32));
            for (int i = 0; i < 2; i++)
            {
                a.Fcvtl(new V(2 * i).S4, new V(4 + i).H4);
                a.Fcvtl2(new V(2 * i + 1).S4, new V(4 + i).H8);
            }

            a.St1(new V(0).S4, 4, To.Then(64));
        }

        a.Subs(Count, Count, Block);
        a.B(Condition.AtLeast, loop);
        a.Mark(rest);
        a.Add(Count, Count, Block);
        a.Cbz(Count, end);
        a.Mark(one);
        if (toHalf)
        {
            a.Ldr(new V(0).S, From.Then(4));
            a.Fcvtn(new V(4).H4, new V(0).S4);
            a.Str(new V(4).H, To.Then(2));
        }
        else
        {
            a.Ldr(new V(4).H, From.Then(2));
            a.Fcvtl(new V(0).S4, new V(4).H4);
            a.Str(new V(0).S, To.Then(4));
        }

        a.Subs(Count, Count, 1);
        a.B(Condition.NotEqual, one);
        a.Mark(end);
        a.Ret();
    }
}
