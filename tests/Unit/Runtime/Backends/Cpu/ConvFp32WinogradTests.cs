using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp32WinogradTests
{
    private static readonly int Cases = KernelCases.Some(120);

    /// <summary>Every entry of the table that computes by Winograd's method, with tiles of 2×2 and of 4×4 outputs.</summary>
    public static IEnumerable<object[]> Names =>
        from entry in KernelTable.Of<ConvFp32WinogradProblem>()
        from outputs in Enumerable.Range(1, 2).Select(half => half * 2)
        select new object[] { entry.Name, outputs };

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Every_output_stays_within_the_error_bound_of_exact_arithmetic(string name, int outputs)
    {
        var entry = KernelCases.Find<ConvFp32WinogradProblem>(name);
        for (int seed = 0; seed < Cases; seed++)
        {
            int parts = 1 + seed % 4;
            using var test = new ConvFp32Case(new Random(seed), Shape, outputs, parts);
            ConvChecks.Check(test.Problem);
            Assert.True(entry.CanRun(test.Winograd));
            using var kernel = entry.Create(test.Winograd);
            using var arena = test.Arena.Copy();
            KernelCases.RunParts(kernel, arena, parts);
            test.Check(arena, $"{name} {outputs}x{outputs}, seed {seed}, {test.Problem.Shape}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Division_between_threads_changes_no_bit_and_running_allocates_nothing(string name, int outputs)
    {
        var entry = KernelCases.Find<ConvFp32WinogradProblem>(name);
        for (int seed = 0; seed < Cases / 2; seed++)
        {
            using var test = new ConvFp32Case(new Random(seed), Shape, outputs, threads: 3);
            using var kernel = entry.Create(test.Winograd);
            using var whole = test.Arena.Copy();
            KernelCases.RunParts(kernel, whole, 1);
            for (int parts = 2; parts <= 4; parts++)
            {
                using var divided = KernelCases.RunWithoutAllocating(test.Arena, kernel, parts, $"{name}, seed {seed}");
                Assert.True(OutputsEqual(test.Problem, whole, divided), $"{name}, seed {seed}, {parts} parts, {test.Problem.Shape}");
            }
        }
    }

    /// <summary>Transforms in machine code do operation for operation what the intrinsics do, and products add up in the same order.</summary>
    [SkippableTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void Both_tiers_give_the_same_bits(int outputs)
    {
        Skip.If(!KernelTiers.Avx512Bw.IsAvailable, $"needs the tier {KernelTiers.Avx512Bw}: {KernelTiers.Avx512Bw.Obstacle}");
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvFp32Case(new Random(seed), Shape, outputs);
            using var expected = test.Arena.Copy();
            using var actual = test.Arena.Copy();
            using (var intrinsics = new ConvFp32WinogradAvx2(test.Winograd))
                intrinsics.Run(expected.Base, 0, 1);
            using (var emitted = new ConvFp32WinogradAvx512(test.Winograd))
                emitted.Run(actual.Base, 0, 1);
            Assert.True(OutputsEqual(test.Problem, expected, actual), $"seed {seed}, {test.Problem.Shape}");
        }
    }

    /// <summary>What is computed by vectors of four lanes on Arm and of eight elsewhere does the same operations.</summary>
    [SkippableTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void Transforms_by_four_lanes_give_the_bits_of_eight(int outputs)
    {
        Skip.If(!KernelTiers.Avx2.IsAvailable, "needs AVX2");
        WinogradTransform four = WinogradTransform.Of<Float32x4, Float64x2>(outputs), eight = WinogradTransform.Of<Float32x8, Float64x4>(outputs);
        for (int seed = 0; seed < Cases; seed++)
        {
            Assert.Equal(Transformed(eight, new Random(seed), 1 + seed % 40), Transformed(four, new Random(seed), 1 + seed % 40));
        }
    }

    /// <summary>Transformed weights, inputs and outputs of one tile of random numbers, one after another.</summary>
    private static float[] Transformed(WinogradTransform transform, Random random, int channels)
    {
        int pitch = (channels + 15) / 16 * 16, products = transform.Products, outputs = transform.Outputs;
        float[] from = [.. Enumerable.Range(0, products * pitch).Select(_ => random.NextSingle() - 0.5f)], to = new float[4 * products * pitch];
        uint[] offsets = [.. Enumerable.Range(0, products).Select(i => (uint)(i * pitch * sizeof(float)))];
        fixed (float* input = from, weights = to)
        {
            float* inputs = weights + products * pitch, output = inputs + products * pitch;
            transform.Weights(input, weights, pitch);
            fixed (uint* places = offsets)
            {
                transform.Input(new WinogradBlock
                {
                    Arena = (byte*)input,
                    Offsets = places,
                    Tiles = 1,
                    Channels = channels,
                    Transformed = inputs,
                    TilePitch = pitch,
                    Pitch = pitch,
                    Interleaved = 1,
                });
            }

            transform.Output(input, pitch, new()
            {
                Bias = input,
                Output = (byte*)output,
                Residual = random.Next(2) == 0 ? null : (byte*)input,
                Count = channels,
                PixelStride = pitch * sizeof(float),
                RowStride = outputs * pitch * sizeof(float),
                ResidualPixelStride = pitch * sizeof(float),
                ResidualRowStride = outputs * pitch * sizeof(float),
                Height = random.Next(1, outputs + 1),
                Width = random.Next(1, outputs + 1),
                Low = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
                High = random.Next(2) == 0 ? 0.5f : float.PositiveInfinity,
            });
            for (int i = 0; i < products; i++)
                new Span<float>(inputs + i * pitch + channels, pitch - channels).Clear(); // More than the channels may be written.
        }

        return to;
    }

    /// <summary>Sums of whole numbers small enough to be exact in every order; weights are multiples of all of G's denominators.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Whole_numbers_come_out_exactly(string name, int outputs)
    {
        var entry = KernelCases.Find<ConvFp32WinogradProblem>(name);
        for (int seed = 0; seed < Cases / 4; seed++)
        {
            var random = new Random(seed);
            using var test = new ConvFp32Case(random, r => Shape(r) with { InputChannels = 1 + seed % 3 }, outputs);
            float[] weights = [.. Enumerable.Range(0, test.Problem.Weights.Length).Select(_ => random.Next(-2, 3) * 576f)];
            var problem = test.Problem with { Weights = weights, Bias = new float[test.Problem.Bias.Length], Residual = null };
            ForEach(ConvChecks.InputOf(problem.Shape),
                (image, y, x, c) => ((float*)RandomConv.Pixel(test.Arena, problem.Input, image, y, x))[c] = random.Next(-3, 4));
            using var expected = test.Arena.Copy();
            using var actual = test.Arena.Copy();
            using (var reference = new ConvFp32Reference(problem))
                reference.Run(expected.Base, 0, 1);
            using (var kernel = entry.Create(new ConvFp32WinogradProblem(problem, outputs)))
                kernel.Run(actual.Base, 0, 1);
            ForEach(ConvChecks.OutputOf(problem.Shape), (image, y, x, n) =>
                Assert.Equal(
                    ((float*)RandomConv.Pixel(expected, problem.Output, image, y, x))[n],
                    ((float*)RandomConv.Pixel(actual, problem.Output, image, y, x))[n]));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void What_is_not_finite_stays_in_the_tiles_that_read_it(string name, int outputs)
    {
        var entry = KernelCases.Find<ConvFp32WinogradProblem>(name);
        for (int seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            using var test = new ConvFp32Case(random, Shape, outputs);
            var (p, s) = (test.Problem, test.Problem.Shape);
            using var kernel = entry.Create(test.Winograd);
            using var clean = test.Arena.Copy();
            kernel.Run(clean.Base, 0, 1);
            int image = random.Next(s.Batch), inputY = random.Next(s.InputHeight),
                inputX = random.Next(s.InputWidth), channel = random.Next(s.InputChannels);
            using var dirty = test.Arena.Copy();
            ((float*)RandomConv.Pixel(dirty, p.Input, image, inputY, inputX))[channel] = seed % 2 == 0 ? float.NaN : float.PositiveInfinity;
            kernel.Run(dirty.Base, 0, 1);
            // Along an axis: whether the tile of an output reads an input.
            bool Reads(int output, int dilation, int pad, int input)
            {
                int first = output % dilation + output / dilation / outputs * outputs * dilation - pad;
                return input >= first && (input - first) % dilation == 0 && (input - first) / dilation < outputs + 2;
            }

            ForEach(ConvChecks.OutputOf(s), (i, y, x, n) =>
            {
                bool reads = i == image && Reads(y, s.DilationHeight, s.PadTop, inputY) && Reads(x, s.DilationWidth, s.PadLeft, inputX);
                float was = ((float*)RandomConv.Pixel(clean, p.Output, i, y, x))[n], now = ((float*)RandomConv.Pixel(dirty, p.Output, i, y, x))[n];
                Assert.True(reads || was.Equals(now), $"{name} {outputs}x{outputs}, seed {seed}, {s}: ({inputY}, {inputX}) reached ({y}, {x})");
            });
        }
    }

    [SkippableFact]
    public void Too_little_scratch_memory_is_a_defect_of_the_plan()
    {
        Skip.If(!KernelTiers.Avx2.IsAvailable, "needs AVX2");
        using var test = new ConvFp32Case(new Random(1), Shape, 4);
        var scratch = test.Problem.Scratch!.Value;
        var problem = test.Winograd with { Scratch = scratch with { Bytes = test.Winograd.ScratchBytes(1, WinogradBlocking.X86) - 64 } };
        Assert.Throws<ArgumentException>(() => new ConvFp32WinogradAvx2(problem));
    }

    /// <summary>3×3 with pads of 0 to 2 on every side, 1 to 33 pixels, channels that fill no vector, batches.</summary>
    private static ConvShape Shape(Random random)
    {
        while (true)
        {
            bool large = random.Next(2) == 0;
            var shape = new ConvShape
            {
                Batch = random.Next(4) == 0 ? 2 : 1,
                InputHeight = random.Next(1, large ? 34 : 10),
                InputWidth = random.Next(1, large ? 34 : 10),
                InputChannels = random.Next(1, large ? 20 : 70),
                OutputChannels = random.Next(1, large ? 20 : 140),
                KernelHeight = 3,
                KernelWidth = 3,
                PadTop = random.Next(3),
                PadLeft = random.Next(3),
                PadBottom = random.Next(3),
                PadRight = random.Next(3),
                DilationHeight = random.Next(3) == 0 ? random.Next(2, 8) : 1,
                DilationWidth = random.Next(3) == 0 ? random.Next(2, 8) : 1,
            };
            bool fits = shape.InputHeight + shape.PadTop + shape.PadBottom > 2 * shape.DilationHeight
                && shape.InputWidth + shape.PadLeft + shape.PadRight > 2 * shape.DilationWidth;
            if (fits && shape.Macs <= 2_000_000)
                return shape;
        }
    }

    private static bool OutputsEqual(ConvFp32Problem p, TestArena a, TestArena b)
    {
        bool equal = true;
        ForEach(ConvChecks.OutputOf(p.Shape), (image, y, x, n) =>
            equal &= ((int*)RandomConv.Pixel(a, p.Output, image, y, x))[n] == ((int*)RandomConv.Pixel(b, p.Output, image, y, x))[n]);
        return equal;
    }

    private static void ForEach(NhwcShape shape, Action<int, int, int, int> action)
    {
        for (int image = 0; image < shape.Batch; image++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    for (int c = 0; c < shape.Channels; c++)
                        action(image, y, x, c);
                }
            }
        }
    }
}
