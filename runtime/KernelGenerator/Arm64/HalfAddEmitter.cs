using ResNetEdge.Backends.Cpu.Emit;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>clamp(left + right) in half precision, a run of elements; see <see cref="HalfAddArgs"/>.</summary>
internal static class HalfAddEmitter
{
    /// <summary>Elements of a turn of the loop.</summary>
    private const int Block = 16;

    private static readonly X Args = new(0), Left = new(1), Right = new(2), Output = new(3), Count = new(4), Place = new(5);

    private static readonly V Low = new(16), High = new(17);

    public static void Emit(Arm64Assembler a)
    {
        Label loop = new(), rest = new(), one = new(), end = new();
        a.Ldr(Left, Args.At(Field<HalfAddArgs>(nameof(HalfAddArgs.Left))));
        a.Ldr(Right, Args.At(Field<HalfAddArgs>(nameof(HalfAddArgs.Right))));
        a.Ldr(Output, Args.At(Field<HalfAddArgs>(nameof(HalfAddArgs.Output))));
        a.Ldr(Count, Args.At(Field<HalfAddArgs>(nameof(HalfAddArgs.Count))));
        a.Add(Place, Args, Field<HalfAddArgs>(nameof(HalfAddArgs.Low)));
        a.Ldp(Low.Q, High.Q, Place.At(0));
        a.Subs(Count, Count, Block);
        a.B(Condition.Below, rest);
        a.Mark(loop);
        a.Ldp(new V(0).Q, new V(1).Q, Left.Then(32));
        a.Ldp(new V(2).Q, new V(3).Q, Right.Then(32));
        Add(a, new V(0), new V(2));
        Add(a, new V(1), new V(3));
        a.Stp(new V(0).Q, new V(1).Q, Output.Then(32));
        a.Subs(Count, Count, Block);
        a.B(Condition.AtLeast, loop);

        a.Mark(rest);
        a.Add(Count, Count, Block);
        a.Cbz(Count, end);
        a.Mark(one);
        a.Ldr(new V(0).H, Left.Then(2));
        a.Ldr(new V(2).H, Right.Then(2));
        Add(a, new V(0), new V(2));
        a.Str(new V(0).H, Output.Then(2));
        a.Subs(Count, Count, 1);
        a.B(Condition.NotEqual, one);
        a.Mark(end);
        a.Ret();
    }

    private static void Add(Arm64Assembler a, V left, V right)
    {
        a.Fadd(left.H8, left.H8, right.H8);
        a.Fmax(left.H8, left.H8, Low.H8);
        a.Fmin(left.H8, left.H8, High.H8);
    }
}
