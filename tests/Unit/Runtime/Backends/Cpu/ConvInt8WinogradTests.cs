using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Conv.WinogradInt8;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>Winograd's method in whole numbers equals the definition bit for bit, up to the last sum that its bound allows.</summary>
public unsafe class ConvInt8WinogradTests
{
    private const int Cases = 200;

    private static readonly long[] AtTheBound =
    [
        WinogradInt8Bounds.Limit - 1, WinogradInt8Bounds.Limit, WinogradInt8Bounds.Limit + 3, 2 * WinogradInt8Bounds.Limit - 1,
        1 - WinogradInt8Bounds.Limit, -WinogradInt8Bounds.Limit, -WinogradInt8Bounds.Limit - 3,
    ];

    /// <summary>The tiers that have the method.</summary>
    public static TheoryData<string> Tiers { get; } = new(KernelTiers.Neon.Name, KernelTiers.Avx2.Name);

    /// <summary>Sums at, above and below the bound; a layer that can reach the bound must be computed by another kernel.</summary>
    public static IEnumerable<object[]> Sums =>
        from tier in new[] { KernelTiers.Neon, KernelTiers.Avx2 } from sum in AtTheBound select new object[] { tier.Name, sum };

    [SkippableTheory]
    [MemberData(nameof(Tiers))]
    public void Every_shape_and_every_extreme_gives_the_bits_of_the_definition(string name)
    {
        var tier = Available(name);
        for (int seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var shape = Shape(random);
            // The kernel also takes layers for which it would not be chosen, and which nobody planned memory for.
            using var test = new ConvInt8Case(seed, shape: shape, scratch: new WinogradInt8Layout(shape).PartBytes * 3);
            if (seed % 2 == 0)
                MakeExtreme(random, test.Arena, test.Problem);
            var problem = test.Problem;
            KernelCases.AssertEqual(
                test.Arena, new ConvInt8Reference(problem),
                tier == KernelTiers.Neon ? new ConvInt8WinogradAdvSimd(problem) : new ConvInt8WinogradAvx2(problem), 1 + seed % 3,
                $"seed {seed}, {problem.Shape}", problem.Scratch);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Sums))]
    public void A_sum_at_the_bound_is_exact(string name, long sum)
    {
        var tier = Available(name);
        using var test = new ConvInt8Case(1, shape: new ConvShape
        {
            InputHeight = 14,
            InputWidth = 14,
            InputChannels = 128,
            OutputChannels = 16,
            KernelHeight = 3,
            KernelWidth = 3,
        });
        var s = test.Problem.Shape;
        sbyte[] weights = new sbyte[s.OutputChannels * s.Depth];
        weights.AsSpan(0, s.Depth).Fill(sum < 0 ? (sbyte)-127 : (sbyte)127);
        int[] bias = new int[s.OutputChannels];
        bias[0] = (int)(sum - 255L * s.Depth * weights[0]);
        var problem = test.Problem with
        {
            Weights = weights,
            Bias = bias,
            InputZeroPoint = 0,
            Residual = null,
            Branch = null,
            Multiplier = [.. Enumerable.Repeat(MathF.ScaleB(1, -19), s.OutputChannels)],
            OutputZeroPoint = 128,
            Low = 0,
            High = 255,
        };
        FillInput(test.Arena, problem, () => 255);
        using var kernel = KernelTable.Prepare(problem, tier);
        using var expected = test.Arena.Copy();
        using var actual = test.Arena.Copy();
        using (var reference = new ConvInt8Reference(problem))
            reference.Run(expected.Base, 0, 1);
        kernel.Run(actual.Base, 0, 1);
        var outputs = (Start: (int)problem.Output.Offset, Length: (int)problem.Output.ImageStride);
        Assert.True(
            expected.Bytes.Slice(outputs.Start, outputs.Length).SequenceEqual(actual.Bytes.Slice(outputs.Start, outputs.Length)),
            $"{kernel.Name} differs where the sum is {sum}");
        Assert.Equal(Math.Abs(sum) < WinogradInt8Bounds.Limit, kernel is ConvInt8Winograd);
    }

    [Theory]
    [InlineData(56, 64, true)]
    [InlineData(28, 128, true)]
    [InlineData(14, 256, true)]
    [InlineData(7, 512, false)] // 19 MB of weights for 49 pixels
    [InlineData(32, 2, false)] // two channels do not pay for the transforms
    public void It_is_chosen_where_it_multiplies_less_and_reads_in_time(int pixels, int channels, bool pays)
    {
        var shape = new ConvShape
        {
            InputHeight = pixels,
            InputWidth = pixels,
            InputChannels = channels,
            OutputChannels = channels,
            KernelHeight = 3,
            KernelWidth = 3,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
        };
        Assert.Equal(pays, WinogradInt8Bounds.Pays(shape, WinogradInt8Cost.Neon));
        Assert.Equal(pays, WinogradInt8Bounds.Pays(shape, WinogradInt8Cost.Avx2));
    }

    [Fact]
    public void The_range_of_a_sum_is_reached_and_never_left()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            using var test = new ConvInt8Case(seed, shape: Shape(random));
            int channel = random.Next(test.Problem.Shape.OutputChannels);
            long low = test.Problem.Bias[channel], high = low;
            foreach (sbyte weight in test.Problem.Weights.Span.Slice(channel * test.Problem.Shape.Depth, test.Problem.Shape.Depth))
            {
                int z = test.Problem.InputZeroPoint;
                low += Math.Min(-z * weight, (255 - z) * weight);
                high += Math.Max(-z * weight, (255 - z) * weight);
            }

            Assert.Equal(new SumRange(low, high), SumRange.Of(test.Problem, channel));
        }
    }

    private static KernelTier Available(string name)
    {
        var tier = KernelTiers.All.Single(candidate => candidate.Name == name);
        Skip.If(!tier.IsAvailable, $"needs the tier {tier}: {tier.Obstacle}");
        return tier;
    }

    private static ConvShape Shape(Random random) => new()
    {
        Batch = random.Next(1, 3),
        InputHeight = random.Next(3, 16),
        InputWidth = random.Next(3, 16),
        InputChannels = random.Next(1, 40),
        OutputChannels = random.Next(1, 40),
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = random.Next(3),
        PadLeft = random.Next(3),
        PadBottom = random.Next(3),
        PadRight = random.Next(3),
    };

    /// <summary>Zero or 255 everywhere, and weights that are the least or the largest.</summary>
    private static void MakeExtreme(Random random, TestArena arena, ConvInt8Problem p)
    {
        foreach (ref sbyte weight in MemoryMarshal.AsMemory(p.Weights).Span)
            weight = random.Next(2) == 0 ? sbyte.MinValue : sbyte.MaxValue;
        FillInput(arena, p, () => random.Next(2) == 0 ? byte.MinValue : byte.MaxValue);
    }

    private static void FillInput(TestArena arena, ConvInt8Problem p, Func<byte> value)
    {
        var s = p.Shape;
        for (int pixel = 0; pixel < s.Batch * s.InputHeight * s.InputWidth; pixel++)
        {
            int x = pixel % s.InputWidth, y = pixel / s.InputWidth % s.InputHeight;
            byte* channels = RandomConv.Pixel(arena, p.Input, pixel / s.InputWidth / s.InputHeight, y, x);
            for (int c = 0; c < s.InputChannels; c++)
                channels[c] = value();
        }
    }
}
