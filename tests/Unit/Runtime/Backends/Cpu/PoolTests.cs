using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class PoolTests
{
    private static readonly ElementType[] Types = [ElementType.UInt8, ElementType.Float16, ElementType.Float32];

    public static IEnumerable<object[]> MaxPoolNames => KernelCases.Names<MaxPoolProblem>();

    public static IEnumerable<object[]> AveragePoolNames => KernelCases.Names<AveragePoolProblem>();

    [SkippableTheory]
    [MemberData(nameof(MaxPoolNames))]
    public void Max_pooling_equals_the_reference_bit_for_bit(string name) =>
        KernelCases.AssertAllEqual<MaxPoolProblem>(name, MaxPool, halves: problem => problem.Type == ElementType.Float16);

    [SkippableTheory]
    [MemberData(nameof(AveragePoolNames))]
    public void Average_pooling_equals_the_reference_bit_for_bit(string name) =>
        KernelCases.AssertAllEqual<AveragePoolProblem>(
            name, AveragePool, problem => problem.Type == ElementType.Float32, problem => problem.Type == ElementType.Float16);

    [Fact]
    public void The_maximum_ignores_padding() =>
        ForEachWindow(MaxPool, p => p.Type == ElementType.UInt8, p => (p.Shape, p.Input, p.Output), (p, window, result) =>
            Assert.Equal(window.Max(), result));

    [Fact]
    public void The_quantised_average_rounds_the_exact_mean() =>
        ForEachWindow(AveragePool, p => p.Type == ElementType.UInt8, p => (p.Shape, p.Input, p.Output), (p, window, result) =>
        {
            int count = p.CountIncludePad ? p.Shape.KernelHeight * p.Shape.KernelWidth : window.Count;
            double mean = window.Sum(value => value - p.InputZeroPoint) * p.Multiplier / count;
            double expected = Math.Clamp(mean + p.OutputZeroPoint, p.Low, p.High);
            Assert.InRange(result, expected - 0.5001, expected + 0.5001);
        });

    [Fact]
    public void The_float_average_stays_within_its_bound()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var s =
                new PoolShape { InputHeight = random.Next(1, 9), InputWidth = random.Next(1, 9), Channels = 1, KernelHeight = 1, KernelWidth = 1 };
            s = s with { KernelHeight = s.InputHeight, KernelWidth = s.InputWidth };
            var problem = new AveragePoolProblem
            {
                Shape = s,
                Type = ElementType.Float32,
                Input = RandomConv.Dense(random, arena, s.Input, 4),
                Output = RandomConv.Dense(random, arena, s.Output, 4),
            };
            problem.Check();
            arena.Create(floats: false);
            arena.FillFloats();
            using var kernel = KernelTable.Prepare(problem, KernelTiers.Scalar);
            kernel.Run(arena.Base, 0, 1);
            var values = Enumerable.Range(0, s.InputHeight * s.InputWidth)
                .Select(i => (double)*(float*)RandomConv.Pixel(arena, problem.Input, 0, i / s.InputWidth, i % s.InputWidth)).ToList();
            double bound = ResNetEdge.Backends.Cpu.Conv.Fp32.ConvFp32Reference.ErrorBound(values.Count, values.Average(Math.Abs));
            Assert.InRange(*(float*)(arena.Base + problem.Output.Offset), values.Average() - bound, values.Average() + bound);
        }
    }

    [Fact]
    public void A_window_wholly_in_the_padding_is_refused()
    {
        var shape = new PoolShape
        {
            InputHeight = 1,
            InputWidth = 5,
            Channels = 1,
            KernelHeight = 2,
            KernelWidth = 1,
            DilationHeight = 3,
            PadTop = 2,
            PadBottom = 2,
        };
        Assert.Throws<ArgumentException>(shape.Check);
    }

    /// <summary>Runs the reference and hands every window's values with the result to a check.</summary>
    private static void ForEachWindow<TProblem>(
        Func<Random, TestArena, TProblem> make, Func<TProblem, bool> wanted,
        Func<TProblem, (PoolShape Shape, Placement Input, Placement Output)> parts,
        Action<TProblem, List<int>, int> check) where TProblem : StepProblem
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = make(random, arena);
            if (!wanted(problem))
                continue;
            var (s, input, output) = parts(problem);
            arena.Create(floats: false);
            using var kernel = KernelTable.Prepare(problem, KernelTiers.Scalar);
            kernel.Run(arena.Base, 0, 1);
            for (int i = 0; i < s.OutputHeight * s.OutputWidth; i++)
            {
                var (y, x, c) = (i / s.OutputWidth, i % s.OutputWidth, i % s.Channels);
                check(problem, Window(arena, s, input, y, x, c), RandomConv.Pixel(arena, output, 0, y, x)[c]);
            }
        }
    }

    private static List<int> Window(TestArena arena, PoolShape s, Placement input, int y, int x, int c)
    {
        var values = new List<int>();
        for (int tap = 0; tap < s.KernelHeight * s.KernelWidth; tap++)
        {
            int iy = y * s.StrideHeight - s.PadTop + tap / s.KernelWidth * s.DilationHeight,
                ix = x * s.StrideWidth - s.PadLeft + tap % s.KernelWidth * s.DilationWidth;
            if (iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth)
                values.Add(RandomConv.Pixel(arena, input, 0, iy, ix)[c]);
        }

        return values;
    }

    private static PoolShape Shape(Random random)
    {
        var shape = KernelCases.Shape(random);
        bool global = random.Next(4) == 0;
        int height = global ? shape.Height : random.Next(1, Math.Min(4, shape.Height) + 1),
            width = global ? shape.Width : random.Next(1, Math.Min(4, shape.Width) + 1);
        int dilation = !global && random.Next(4) == 0 && height * 2 <= shape.Height && width * 2 <= shape.Width ? 2 : 1;
        return new PoolShape
        {
            Batch = shape.Batch,
            InputHeight = shape.Height,
            InputWidth = shape.Width,
            Channels = shape.Channels,
            KernelHeight = height,
            KernelWidth = width,
            StrideHeight = random.Next(1, 4),
            StrideWidth = random.Next(1, 4),
            DilationHeight = dilation,
            DilationWidth = dilation,
            PadTop = random.Next(height),
            PadLeft = random.Next(width),
            PadBottom = random.Next(height),
            PadRight = random.Next(width),
        };
    }

    internal static MaxPoolProblem MaxPool(Random random, TestArena arena)
    {
        var (s, type) = (Shape(random), Types[random.Next(Types.Length)]);
        int size = type.KernelSize();
        var problem = new MaxPoolProblem
        {
            Shape = s,
            Type = type,
            Input = RandomConv.Dense(random, arena, s.Input, size),
            Output = RandomConv.Dense(random, arena, s.Output, size),
        };
        problem.Check();
        return problem;
    }

    internal static AveragePoolProblem AveragePool(Random random, TestArena arena)
    {
        var (s, type) = (Shape(random), Types[random.Next(Types.Length)]);
        int size = type.KernelSize();
        var problem = new AveragePoolProblem
        {
            Shape = s,
            Type = type,
            Input = RandomConv.Dense(random, arena, s.Input, size),
            Output = RandomConv.Dense(random, arena, s.Output, size),
            CountIncludePad = random.Next(2) == 0,
            Multiplier = 0.2 + random.NextDouble() * 3,
            InputZeroPoint = (byte)random.Next(256),
            OutputZeroPoint = (byte)random.Next(256),
            Low = (byte)random.Next(0, 100),
            High = (byte)random.Next(100, 256),
        };
        problem.Check();
        return problem;
    }
}
