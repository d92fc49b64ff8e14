using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Binary;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class BinaryTests
{
    private static readonly BinaryFunction[] Functions = [.. OperatorTable.All.OfType<Arithmetic>().Select(o => o.Function).OfType<BinaryFunction>()];

    public static IEnumerable<object[]> Names => KernelCases.Names<BinaryFp32Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Functions_of_two_values_equal_their_reference_however_they_are_spread(string name) =>
        KernelCases.AssertAllEqual<BinaryFp32Problem>(name, Problem, static _ => true);

    /// <summary>NEON's lanes run on any processor with a fused multiply-add.</summary>
    [SkippableFact]
    public void Lanes_of_128_bits_equal_the_reference()
    {
        Skip.IfNot(Fma.IsSupported || AdvSimd.IsSupported, "this processor lacks FMA and NEON");
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = Problem(random, arena);
            arena.Create(floats: false);
            arena.FillFloats();
            KernelCases.AssertEqual(
                arena, BinaryFp32.Bind<Float32x1>("reference", problem), BinaryFp32.Bind<Float32x4>("lanes", problem), 1 + seed % 3, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(float.NaN, 1), InlineData(1, float.NaN), InlineData(float.NaN, float.PositiveInfinity), InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity), InlineData(float.NegativeInfinity, float.PositiveInfinity), InlineData(2, 2)]
    [InlineData(-3, 2), InlineData(3, 2), InlineData(float.MaxValue, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    public void The_larger_and_the_smaller_keep_what_is_not_a_number(float a, float b)
    {
        Assert.Equal(MathF.Max(a, b), new BinaryFunction<Max.Of>(default).Of(a, b));
        Assert.Equal(MathF.Min(a, b), new BinaryFunction<Min.Of>(default).Of(a, b));
    }

    [Fact]
    public void Dimensions_that_continue_each_other_are_joined()
    {
        BinaryDimension[] dense = [new(2, 48, 0, 48), new(1, 0, 0, 48), new(3, 16, 0, 16), new(4, 4, 0, 4)];
        Assert.Equal([new(24, 4, 0, 4)], BinaryDimension.Joined(dense));
        BinaryDimension[] scaled = [new(2, 48, 16, 48), new(3, 16, 0, 16), new(4, 4, 4, 4)];
        Assert.Equal(scaled, BinaryDimension.Joined(scaled));
        Assert.Equal([new(1, 4, 4, 4)], BinaryDimension.Joined([new(1, 0, 0, 0)]));
    }

    [Fact]
    public void A_plan_that_writes_an_element_twice_is_a_defect()
    {
        var problem = new BinaryFp32Problem
        {
            Function = Functions[0],
            Dimensions = [new(2, 16, 16, 8), new(4, 4, 4, 4)],
            Left = 0,
            Right = 0,
            Output = 0,
        };
        Assert.Throws<ArgumentException>(problem.Check);
        (problem with { Dimensions = [new(2, 16, 16, 16), new(4, 4, 4, 4)] }).Check();
        Assert.Throws<ArgumentException>((problem with { Dimensions = [new(4, 4, 2, 4)] }).Check);
        Assert.Throws<ArgumentException>((problem with { Dimensions = [] }).Check);
        Assert.Throws<ArgumentException>((problem with { Dimensions = [new(4, 4, 4, 4)], Low = 1, High = 0 }).Check);
    }

    internal static BinaryFp32Problem Problem(Random random, TestArena arena)
    {
        int rank = random.Next(1, 5);
        int[] sizes = [.. Enumerable.Range(0, rank).Select(d => d == rank - 1 ? random.Next(1, 60) : random.Next(1, 7))];
        var (left, leftSteps) = Value(random, arena, sizes, random.Next(3));
        var (right, rightSteps) = Value(random, arena, sizes, random.Next(3));
        var (output, outputSteps) = Value(random, arena, sizes, 0);
        if (random.Next(3) == 0) (left, leftSteps) = (output, outputSteps);
        if (random.Next(3) == 0) (right, rightSteps) = (output, outputSteps);
        var problem = new BinaryFp32Problem
        {
            Function = Functions[random.Next(Functions.Length)],
            Dimensions = BinaryDimension.Joined(sizes.Select((size, d) => new BinaryDimension(size, leftSteps[d], rightSteps[d], outputSteps[d]))),
            Left = left,
            Right = right,
            Output = output,
            Low = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            High = random.Next(2) == 0 ? 6 : float.PositiveInfinity,
        };
        problem.Check();
        return problem;
    }

    // Whole (0), spread in some dimensions (1) or in all (2); now and then with a gap behind each row.
    private static (long Place, long[] Steps) Value(Random random, TestArena arena, int[] sizes, int spread)
    {
        long[] steps = new long[sizes.Length];
        long step = sizeof(float);
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            if (spread == 2 || (spread == 1 && random.Next(2) == 0)) continue;
            steps[d] = step;
            step *= sizes[d];
            if (random.Next(4) == 0) step += sizeof(float) * random.Next(1, 4);
        }

        return (arena.Reserve(step, sizeof(float)), steps);
    }
}
