using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvInt8Tests
{
    private const int Cases = 400;

    public static IEnumerable<object[]> Names => KernelCases.Names<ConvInt8Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Every_kernel_equals_the_reference_bit_for_bit(string name)
    {
        var entry = KernelCases.Find<ConvInt8Problem>(name);
        int run = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvInt8Case(seed);
            ConvChecks.Check(test.Problem);
            if (!entry.CanRun(test.Problem))
                continue;
            KernelCases.AssertEqual(test.Arena, new ConvInt8Reference(test.Problem), entry.Create(test.Problem), 1 + seed % 3,
                $"seed {seed}, {test.Problem.Shape}", test.Scratch);
            run++;
        }

        Assert.True(run > Cases / 40, $"only {run} cases were within reach of {name}");
    }

    [Fact]
    public void The_reference_equals_a_convolution_written_otherwise()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            using var test = new ConvInt8Case(seed, 100_000);
            using var arena = test.Arena.Copy();
            new ConvInt8Reference(test.Problem).Run(arena.Base, 0, 1);
            var s = test.Problem.Shape;
            for (int pixel = 0; pixel < s.Pixels; pixel++)
            {
                for (int n = 0; n < s.OutputChannels; n++)
                    CheckElement(test, arena, pixel, n, seed);
            }
        }
    }

    /// <summary>
    /// -1·(1.5 + 2⁻²¹) + 3·(1 + 2⁻²³) lies just below 1.5 and rounds to 1; with the product rounded first it would be 1.5 and go to 2.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void A_residual_is_added_with_one_rounding(string name)
    {
        const int Channels = 83, Pixels = 19;
        var entry = KernelCases.Find<ConvInt8Problem>(name);
        using var arena = new TestArena(new Random(1));
        var place = new Placement(arena.Reserve(Pixels * Channels, 1), Channels, Pixels * Channels, Pixels * Channels);
        var residual = place with { Offset = arena.Reserve(Pixels * Channels, 1) };
        var problem = new ConvInt8Problem
        {
            Shape = new ConvShape
            {
                InputHeight = 1,
                InputWidth = Pixels,
                InputChannels = Channels,
                OutputChannels = Channels,
                KernelHeight = 1,
                KernelWidth = 1,
                Groups = Channels,
            },
            Weights = new sbyte[Channels],
            Bias = Enumerable.Repeat(-1, Channels).ToArray(),
            InputZeroPoint = 7,
            Multiplier = Enumerable.Repeat(1.5f + MathF.ScaleB(1, -21), Channels).ToArray(),
            Input = place,
            PaddingOffset = 0,
            Output = residual,
            Residual = new ResidualInt8(residual, 20, MathF.BitIncrement(1)),
            OutputZeroPoint = 100,
        };
        Skip.If(!entry.CanRun(problem), $"{name} is for other shapes");
        long scratch = entry.Scratch(problem, 1);
        problem = problem with { Scratch = new Scratch(arena.Reserve(scratch, 64), scratch) };
        arena.Create(floats: false);
        arena.Bytes.Slice((int)residual.Offset, Pixels * Channels).Fill(23);
        using var kernel = entry.Create(problem);
        kernel.Run(arena.Base, 0, 1);
        Assert.All(arena.Bytes.Slice((int)residual.Offset, Pixels * Channels).ToArray(), q => Assert.Equal(101, q));
    }

    /// <summary>
    /// Some kernels convert sums below 2²² by an addition to 1.5·2²³. Beyond that they would be half or twice as far from it, which these results,
    /// on and near a tie, would show.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Sums_at_the_end_of_a_float_s_fraction_are_exact(string name)
    {
        const int End = 1 << 22, Pixels = 7, Channels = 160;
        var entry = KernelCases.Find<ConvInt8Problem>(name);
        foreach (int sum in (ReadOnlySpan<int>)[End - 1, End, End + (1 << 14), 1 - End, -End, -End - (1 << 15)])
        {
            using var test = new ConvInt8Case(3, shape: new ConvShape
            {
                InputHeight = 1,
                InputWidth = Pixels,
                InputChannels = Channels,
                OutputChannels = 20,
                KernelHeight = 1,
                KernelWidth = 1,
            });
            var problem = test.Problem with
            {
                Weights = Enumerable.Repeat(sum < 0 ? (sbyte)-127 : (sbyte)127, 20 * Channels).ToArray(),
                Bias = [.. Enumerable.Repeat(sum - Math.Sign(sum) * 127 * 255 * Channels, 20)],
                Multiplier = [.. Enumerable.Repeat(MathF.ScaleB(1, -15), 20)],
                InputZeroPoint = 0,
                Residual = null,
                Branch = null,
                OutputZeroPoint = (byte)(sum < 0 ? 200 : 0),
                Low = 0,
                High = 255,
            };
            Skip.If(!entry.CanRun(problem), $"{name} is for other shapes");
            for (int pixel = 0; pixel < Pixels; pixel++)
                new Span<byte>(RandomConv.Pixel(test.Arena, problem.Input, 0, 0, pixel), Channels).Fill(255);
            KernelCases.AssertEqual(
                test.Arena, new ConvInt8Reference(problem), entry.Create(problem), 1, $"a sum of {sum}", test.Scratch);
        }
    }

    /// <summary>The definition in exact arithmetic: integers as long, products of floats as double (exact for 24 x 24 bits).</summary>
    private static void CheckElement(ConvInt8Case test, TestArena arena, int pixel, int n, int seed)
    {
        var p = test.Problem;
        var s = p.Shape;
        int x = pixel % s.OutputWidth, y = pixel / s.OutputWidth % s.OutputHeight, image = pixel / s.OutputWidth / s.OutputHeight;
        int group = n / (s.OutputChannels / s.Groups), channels = s.InputChannels / s.Groups;
        long sum = p.Bias[n];
        for (int c = 0; c < channels; c++)
        {
            for (int ky = 0; ky < s.KernelHeight; ky++)
            {
                for (int kx = 0; kx < s.KernelWidth; kx++)
                {
                    int iy = y * s.StrideHeight + ky * s.DilationHeight - s.PadTop, ix = x * s.StrideWidth + kx * s.DilationWidth - s.PadLeft;
                    if (iy < 0 || iy >= s.InputHeight || ix < 0 || ix >= s.InputWidth)
                        continue;
                    long value = RandomConv.Pixel(test.Arena, p.Input, image, iy, ix)[group * channels + c];
                    sum += (value - p.InputZeroPoint) * p.Weights.Span[((n * channels + c) * s.KernelHeight + ky) * s.KernelWidth + kx];
                }
            }
        }

        float f = (float)((double)(float)sum * p.Multiplier[n]);
        if (p.Branch is { } b)
            f = (float)(Math.Clamp(Math.Round((double)(float)sum * p.Multiplier[n], MidpointRounding.ToEven), b.Low, b.High) * b.Scale);
        if (p.Residual is { } r)
            f = MathF.FusedMultiplyAdd(RandomConv.Pixel(test.Arena, r.Placement, image, y, x)[n] - r.ZeroPoint, r.Scale, f);
        byte* output = RandomConv.Pixel(arena, p.Output, image, y, x);
        if (p.FloatOutput)
            Assert.True(((float*)output)[n] == Math.Min(Math.Max(f, p.FloatLow), p.FloatHigh), $"seed {seed}, pixel {pixel}, channel {n}");
        else
            Assert.True(output[n] == Math.Clamp(Math.Round((double)f, MidpointRounding.ToEven) + p.OutputZeroPoint, p.Low, p.High),
                $"seed {seed}, pixel {pixel}, channel {n}");
    }
}
