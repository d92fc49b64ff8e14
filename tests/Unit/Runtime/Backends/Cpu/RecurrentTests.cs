using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Recurrent;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class RecurrentTests
{
    private const int Cases = 200, MostThreads = 3;

    public static IEnumerable<object[]> Names => KernelCases.Names<RecurrentFp32Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Recurrences_equal_their_reference_for_any_cell_size_and_number_of_threads(string name)
    {
        var entry = KernelCases.Find<RecurrentFp32Problem>(name);
        int run = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new RecurrentCase(new Random(seed), MostThreads);
            if (!entry.CanRun(test.Problem)) continue;
            test.AssertEqual(Reference(test.Problem), entry.Create(test.Problem), 1 + seed % (MostThreads + 1), $"seed {seed}, {test.Problem}");
            run++;
        }

        Assert.True(run > 10, $"only {run} problems were within reach of {name}");
    }

    /// <summary>NEON's lanes run on any processor with a fused multiply-add.</summary>
    [SkippableFact]
    public void Lanes_of_128_bits_give_the_bits_of_the_reference()
    {
        Skip.IfNot(Fma.IsSupported || AdvSimd.IsSupported, "this processor lacks FMA and NEON");
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new RecurrentCase(new Random(seed), MostThreads);
            var kernel = new RecurrentFp32<Float32x4>("lanes", test.Problem, static (w, hidden) => new StatePanels<Float32x4>(w, hidden));
            test.AssertEqual(Reference(test.Problem), kernel, 2, $"seed {seed}, {test.Problem}");
        }
    }

    /// <summary>H of three steps, tanh aside: h = 2x + h/2.</summary>
    [Fact]
    public unsafe void The_reference_is_the_recurrence()
    {
        using var arena = new TestArena(new Random(1));
        long given = arena.Reserve(12, 4), y = arena.Reserve(12, 4), last = arena.Reserve(4, 4), scratch = arena.Reserve(4096, 64);
        var problem = new RecurrentFp32Problem
        {
            Layer = "layer",
            Cell = RecurrentCell.Rnn,
            Shape = new RecurrentShape(3, 1, 1, 1, 1, false),
            IsReverse = true,
            Functions = [new GateFunction(GateFunction.Function.Affine, 1, 0, 3)],
            StateWeights = new float[] { 0.5f },
            Product = given,
            Sequence = y,
            LastHidden = last,
            Scratch = new Scratch(scratch, 4096),
        };
        arena.Create(floats: true);
        new float[] { 1, 4, 2 }.CopyTo(new Span<float>(arena.Base + given, 3));
        using var kernel = Reference(problem);
        kernel.Run(arena.Base, 0, 1);
        Assert.Equal([2.5f, 3, 2], new Span<float>(arena.Base + y, 3).ToArray());
        Assert.Equal(2.5f, *(float*)(arena.Base + last));
    }

    [Theory]
    [InlineData(-1), InlineData(5)]
    public unsafe void A_sequence_of_an_impossible_length_is_refused(int length)
    {
        for (int seed = 0; ; seed++)
        {
            using var test = new RecurrentCase(new Random(seed), 1);
            if (test.Problem is not { Lengths: { } lengths, Shape.Steps: 4 }) continue;
            *(int*)(test.Arena.Base + lengths) = length;
            using var kernel = Reference(test.Problem);
            var failure = Assert.Throws<EdgeException>(() => kernel.Run(test.Arena.Base, 0, 1));
            Assert.Equal($"LSTM 'layer': sequence 0 is {length} steps long, but there are 4", failure.Message);
            return;
        }
    }

    private static RecurrentFp32<Float32x1> Reference(RecurrentFp32Problem problem) =>
        new("reference", problem, static (w, hidden) => new StatePanels<Float32x1>(w, hidden));
}
