using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.WinogradRows;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp32WinogradRowsTests
{
    private static readonly int Cases = KernelCases.Some(100);

    /// <summary>Every entry of the table that computes by Winograd's method along rows, and products one by one, which run everywhere.</summary>
    public static IEnumerable<object[]> Names =>
        KernelTable.Of<ConvFp32WinogradRowsProblem>().Select(entry => entry.Name).Append(nameof(RowsByNumbers)).Select(name => new object[] { name });

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Every_output_stays_within_the_error_bound_of_exact_arithmetic(string name)
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            int parts = 1 + seed % 4;
            using var test = new ConvFp32Case(new Random(seed), Shape, ConvFp32Case.Rows, parts);
            ConvChecks.Check(test.Problem);
            using var kernel = Create(name, test.Problem);
            using var arena = test.Arena.Copy();
            KernelCases.RunParts(kernel, arena, parts);
            test.Check(arena, $"{name}, seed {seed}, {test.Problem.Shape}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Division_between_threads_changes_no_bit_and_running_allocates_nothing(string name)
    {
        for (int seed = 0; seed < Cases / 4; seed++)
        {
            using var test = new ConvFp32Case(new Random(seed), Shape, ConvFp32Case.Rows, threads: 3);
            using var kernel = Create(name, test.Problem);
            using var whole = test.Arena.Copy();
            KernelCases.RunParts(kernel, whole, 1);
            for (int parts = 2; parts <= 4; parts++)
            {
                using var divided = KernelCases.RunWithoutAllocating(test.Arena, kernel, parts, $"{name}, seed {seed}");
                ForEach(test.Problem, (image, y, x, n) =>
                    Assert.Equal(Output(test.Problem, whole, image, y, x, n), Output(test.Problem, divided, image, y, x, n)));
            }
        }
    }

    /// <summary>Sums of whole numbers small enough to be exact in every order; weights are multiples of all of G's denominators.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Whole_numbers_come_out_exactly(string name)
    {
        for (int seed = 0; seed < Cases / 4; seed++)
        {
            var random = new Random(seed);
            using var test = new ConvFp32Case(random, r => Shape(r) with { InputChannels = 1 + seed % 3, KernelHeight = 1 }, ConvFp32Case.Rows);
            float[] weights = [.. Enumerable.Range(0, test.Problem.Weights.Length).Select(_ => random.Next(-2, 3) * 360f)];
            var problem = test.Problem with { Weights = weights, Bias = new float[test.Problem.Bias.Length], Residual = null };
            test.FillInput(() => random.Next(-3, 4));
            using var expected = test.Arena.Copy();
            using var actual = test.Arena.Copy();
            using (var reference = new ConvFp32Reference(problem))
                reference.Run(expected.Base, 0, 1);
            using (var kernel = Create(name, problem))
                kernel.Run(actual.Base, 0, 1);
            ForEach(problem, (image, y, x, n) => Assert.Equal(Output(problem, expected, image, y, x, n), Output(problem, actual, image, y, x, n)));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void What_is_not_finite_stays_in_the_tiles_that_read_it(string name)
    {
        for (int seed = 0; seed < Cases / 2; seed++)
        {
            var random = new Random(seed);
            using var test = new ConvFp32Case(random, Shape, ConvFp32Case.Rows);
            var (p, s) = (test.Problem, test.Problem.Shape);
            using var kernel = Create(name, p);
            using var clean = test.Arena.Copy();
            kernel.Run(clean.Base, 0, 1);
            int image = random.Next(s.Batch), inputY = random.Next(s.InputHeight), inputX = random.Next(s.InputWidth);
            using var dirty = test.Arena.Copy();
            ((float*)RandomConv.Pixel(dirty, p.Input, image, inputY, inputX))[random.Next(s.InputChannels)] =
                seed % 2 == 0 ? float.NaN : float.PositiveInfinity;
            kernel.Run(dirty.Base, 0, 1);
            ForEach(p, (i, y, x, n) =>
            {
                int row = inputY + s.PadTop - y * s.StrideHeight, pixel = inputX + s.PadLeft - x / 4 * 8;
                bool reads = i == image && row >= 0 && row < s.KernelHeight && pixel is >= 0 and < RowsTransform.Inputs;
                Assert.True(
                    reads || Output(p, clean, i, y, x, n).Equals(Output(p, dirty, i, y, x, n)),
                    $"{name}, seed {seed}, {s}: ({inputY}, {inputX}) reached ({y}, {x})");
            });
        }
    }

    /// <summary>ResNet's stem, half of its rows.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void The_stem_of_a_residual_network_stays_within_the_bound(string name)
    {
        using var test = new ConvFp32Case(new Random(5), _ => Stem with { InputHeight = 30, OutputChannels = 20 }, ConvFp32Case.Rows);
        using var kernel = Create(name, test.Problem);
        using var arena = test.Arena.Copy();
        kernel.Run(arena.Base, 0, 1);
        test.Check(arena, name);
    }

    [Fact]
    public void Only_seven_taps_with_stride_2_on_Arm_come_into_question()
    {
        Assert.True(ConvFp32Cost.RowsPay(Stem, KernelTiers.Neon));
        Assert.True(ConvFp32Cost.RowsPay(Stem, KernelTiers.NeonDot));
        Assert.False(ConvFp32Cost.RowsPay(Stem, KernelTiers.Avx512Vnni));
        Assert.False(ConvFp32Cost.RowsPay(Stem, KernelTiers.Scalar));
        Assert.False(ConvFp32Cost.RowsPay(Stem with { InputHeight = 8, InputWidth = 8, OutputChannels = 8 }, KernelTiers.NeonDot));
        foreach (var other in new[]
        {
            Stem with { KernelWidth = 5 }, Stem with { StrideWidth = 1 }, Stem with { DilationWidth = 2 }, Stem with { DilationHeight = 2 },
            Stem with { InputDepth = 4, KernelDepth = 3 }, Stem with { Groups = 3, OutputChannels = 63 },
        })
            Assert.False(ConvFp32Cost.RowsPay(other, KernelTiers.NeonDot));
    }

    [Fact]
    public void Too_little_scratch_memory_is_a_defect_of_the_plan()
    {
        using var test = new ConvFp32Case(new Random(1), Shape, ConvFp32Case.Rows);
        var rows = new ConvFp32WinogradRowsProblem(test.Problem);
        var scratch = rows.Scratch!.Value with { Bytes = ConvFp32WinogradRows.ScratchBytes(rows, 1) - 64 };
        Assert.Throws<ArgumentException>(() => new RowsByNumbers(rows with { Scratch = scratch }));
    }

    private static ConvShape Stem { get; } = new()
    {
        InputHeight = 224,
        InputWidth = 224,
        InputChannels = 3,
        OutputChannels = 64,
        KernelHeight = 7,
        KernelWidth = 7,
        StrideHeight = 2,
        StrideWidth = 2,
        PadTop = 3,
        PadLeft = 3,
        PadBottom = 3,
        PadRight = 3,
    };

    private static PreparedKernel Create(string name, ConvFp32Problem problem)
    {
        var rows = new ConvFp32WinogradRowsProblem(problem);
        if (name == nameof(RowsByNumbers))
            return new RowsByNumbers(rows);
        var entry = KernelCases.Find<ConvFp32WinogradRowsProblem>(name);
        Assert.True(entry.CanRun(rows));
        return entry.Create(rows);
    }

    /// <summary>1 to 70 pixels wide, filters of 1 to 7 rows, any stride down, channels that fill no vector, pads beyond the picture.</summary>
    private static ConvShape Shape(Random random)
    {
        while (true)
        {
            int channels = random.Next(3) == 0 ? 3 : random.Next(1, 12);
            var shape = Stem with
            {
                Batch = random.Next(4) == 0 ? 2 : 1,
                InputHeight = random.Next(1, 16),
                InputWidth = random.Next(1, random.Next(2) == 0 ? 71 : 12),
                InputChannels = channels,
                OutputChannels = random.Next(1, 40),
                KernelHeight = random.Next(2) == 0 ? 7 : random.Next(1, 8),
                StrideHeight = random.Next(1, 4),
                PadTop = random.Next(7),
                PadLeft = random.Next(7),
                PadBottom = random.Next(7),
                PadRight = random.Next(7),
            };
            bool fits = shape.InputHeight + shape.PadTop + shape.PadBottom >= shape.KernelHeight
                && shape.InputWidth + shape.PadLeft + shape.PadRight >= shape.KernelWidth;
            if (fits && shape.Macs <= 400_000)
                return shape;
        }
    }

    private static float Output(ConvFp32Problem p, TestArena arena, int image, int y, int x, int n) =>
        ((float*)RandomConv.Pixel(arena, p.Output, image, y, x))[n];

    private static void ForEach(ConvFp32Problem problem, Action<int, int, int, int> action)
    {
        var s = problem.Shape;
        for (int i = 0; i < s.Pixels * s.OutputChannels; i++)
        {
            var (pixel, n) = Math.DivRem(i, s.OutputChannels);
            var (line, x) = Math.DivRem(pixel, s.OutputWidth);
            var (image, y) = Math.DivRem(line, s.OutputHeight);
            action(image, y, x, n);
        }
    }
}
