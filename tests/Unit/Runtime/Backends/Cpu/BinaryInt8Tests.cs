using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Binary;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class BinaryInt8Tests
{
    private static readonly BinaryFunction[] Functions = [.. OperatorTable.All.OfType<Arithmetic>().Select(o => o.Function).OfType<BinaryFunction>()];

    public static IEnumerable<object[]> Names => KernelCases.Names<BinaryInt8Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Functions_of_two_quantised_values_equal_their_reference_however_they_are_spread(string name) =>
        KernelCases.AssertAllEqual<BinaryInt8Problem>(name, Problem, static p => p.IsRightFloat);

    /// <summary>NEON's lanes run on any processor with a fused multiply-add.</summary>
    [SkippableFact]
    public void Lanes_of_128_bits_equal_the_reference()
    {
        Skip.IfNot(Fma.IsSupported || AdvSimd.IsSupported, "this processor lacks FMA and NEON");
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = Problem(random, arena);
            arena.Create(floats: false);
            if (problem.IsRightFloat) arena.FillFloats();
            KernelCases.AssertEqual(
                arena, BinaryInt8.Bind<Float32x1, Bytes1>("reference", problem), BinaryInt8.Bind<Float32x4, Bytes4>("lanes", problem),
                1 + seed % 3, $"seed {seed}");
        }
    }

    /// <summary>All pairs of bytes, each step as docs/int8-arithmetic.md has it.</summary>
    [Fact]
    public void The_reference_dequantises_computes_and_quantises()
    {
        foreach (var function in Functions)
        {
            byte[] arena = [.. Enumerable.Range(0, 256).Select(static i => (byte)i), .. new byte[256 * 256]];
            var problem = new BinaryInt8Problem
            {
                Function = function,
                Dimensions = [new(256, 1, 0, 256), new(256, 0, 1, 1)],
                Left = new(0, 0.037f, 113),
                Right = new(0, 0.29f, 7),
                Output = new(256, 0.51f, 90),
                Low = 3,
                High = 250,
            };
            problem.Check();
            using var kernel = BinaryInt8.Bind<Float32x1, Bytes1>("reference", problem);
            fixed (byte* first = arena) kernel.Run(first, 0, 1);
            for (int a = 0; a < 256; a++)
            {
                for (int b = 0; b < 256; b++)
                {
                    byte expected = Math.Clamp(Requantize.Quantize(function.Of((a - 113) * 0.037f, (b - 7) * 0.29f), 0.51f, 90), (byte)3, (byte)250);
                    Assert.Equal(expected, arena[256 + a * 256 + b]);
                }
            }
        }
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_a_defect()
    {
        var problem = new BinaryInt8Problem
        {
            Function = Functions[0],
            Dimensions = [new(2, 4, 4, 4), new(4, 1, 1, 1)],
            Left = new(0, 1, 0),
            Right = new(8, 1, 0),
            Output = new(16, 1, 0),
        };
        problem.Check();
        Assert.Throws<ArgumentException>((problem with { Dimensions = [new(2, 4, 4, 2), new(4, 1, 1, 1)] }).Check);
        Assert.Throws<ArgumentException>((problem with { Dimensions = [] }).Check);
        Assert.Throws<ArgumentException>((problem with { IsRightFloat = true }).Check);
        Assert.Throws<ArgumentException>((problem with { Low = 2, High = 1 }).Check);
        Assert.Throws<EdgeException>((problem with { Output = new(16, 0, 0) }).Check);
    }

    internal static BinaryInt8Problem Problem(Random random, TestArena arena)
    {
        bool isRightFloat = random.Next(3) == 0;
        int rank = random.Next(1, 5);
        int[] sizes = [.. Enumerable.Range(0, rank).Select(d => d == rank - 1 ? random.Next(1, 60) : random.Next(1, 7))];
        var (left, leftSteps) = Value(random, arena, sizes, random.Next(3), 1);
        var (right, rightSteps) = Value(random, arena, sizes, random.Next(3), isRightFloat ? sizeof(float) : 1);
        var (output, outputSteps) = Value(random, arena, sizes, 0, 1);
        if (random.Next(3) == 0) (left, leftSteps) = (output, outputSteps);
        byte zeroPoint = (byte)random.Next(256), low = random.Next(2) == 0 ? zeroPoint : (byte)0;
        var problem = new BinaryInt8Problem
        {
            Function = Functions[random.Next(Functions.Length)],
            Dimensions = BinaryDimension.Joined(sizes.Select((size, d) => new BinaryDimension(size, leftSteps[d], rightSteps[d], outputSteps[d]))),
            Left = new(left, random.NextSingle() + 0.01f, (byte)random.Next(256)),
            Right = new(right, random.NextSingle() + 0.01f, (byte)random.Next(256)),
            IsRightFloat = isRightFloat,
            Output = new(output, random.NextSingle() * 3 + 0.01f, zeroPoint),
            Low = low,
            High = random.Next(2) == 0 ? (byte)Math.Min(255, low + 60) : (byte)255,
        };
        problem.Check();
        return problem;
    }

    // Whole (0), spread in some dimensions (1) or in all (2); now and then with a gap behind each row.
    private static (long Place, long[] Steps) Value(Random random, TestArena arena, int[] sizes, int spread, int elementSize)
    {
        long[] steps = new long[sizes.Length];
        long step = elementSize;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            if (spread == 2 || (spread == 1 && random.Next(2) == 0)) continue;
            steps[d] = step;
            step *= sizes[d];
            if (random.Next(4) == 0) step += elementSize * random.Next(1, 4);
        }

        return (arena.Reserve(step, elementSize), steps);
    }
}
