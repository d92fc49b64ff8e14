using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>Four products in 16 bits: what is asked of their weights, and kernels with weights at that bound.</summary>
public unsafe class FoursInt8Tests
{
    private const int Lanes = 8, Channels = 4, Block = 16;

    public static IEnumerable<object[]> Names => KernelCases.Names<ConvInt8Problem>();

    [Fact]
    public void Magnitudes_of_four_weights_are_below_255()
    {
        var random = new Random(1);
        int fit = 0, asked = 0;
        foreach (int depth in (ReadOnlySpan<int>)[15, 32, 47, 64, 147, 576])
        {
            int strip = (depth + Block - 1) / Block * Block * Channels, each = depth / (2 * Block);
            using var packed = new NativeBlock<sbyte>(3 * 4 * strip);
            for (long i = 0; i < packed.Count; i++)
                packed.Data[i] = (sbyte)(random.Next(12) == 0 ? random.Next(-128, 128) : random.Next(-63, 64));
            using var fours = FoursInt8.Of(packed, depth);
            for (int i = 0; i < 3 * 4 * each; i++, asked++)
            {
                bool expected = Fit(packed.Data + i / each * strip + i % each * 2 * Block * Channels);
                Assert.Equal(expected ? 1 : 0, fours.Data[i]);
                fit += expected ? 1 : 0;
            }
        }

        Assert.InRange(fit, asked / 8, asked * 7 / 8);
    }

    /// <summary>The largest activations of either sign, with weights whose sums of four just fit, just do not, or do by far not.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Sums_of_four_products_are_exact_at_the_bound(string name)
    {
        const int Pixels = 9, Depth = 160, Outputs = 20;
        var entry = KernelCases.Find<ConvInt8Problem>(name);
        foreach (var (weight, last) in (ReadOnlySpan<(int, int)>)[(63, 65), (64, 63), (64, 64), (64, 62), (127, 1), (85, 85), (127, 127)])
        {
            foreach (int sign in (ReadOnlySpan<int>)[1, -1])
            {
                using var test = new ConvInt8Case(3, shape: new ConvShape
                {
                    InputHeight = 1,
                    InputWidth = Pixels,
                    InputChannels = Depth,
                    OutputChannels = Outputs,
                    KernelHeight = 1,
                    KernelWidth = 1,
                });
                sbyte[] weights = new sbyte[Outputs * Depth];
                for (int i = 0; i < weights.Length; i++)
                    weights[i] = (sbyte)(sign * (i % Depth / Lanes % 4 == i / Depth % 4 ? last : weight));
                var problem = test.Problem with
                {
                    Weights = weights,
                    Multiplier = [.. Enumerable.Repeat(MathF.ScaleB(1, -15), Outputs)],
                    InputZeroPoint = 128,
                    OutputZeroPoint = 128,
                    Residual = null,
                    Branch = null,
                    Low = 0,
                    High = 255,
                };
                Skip.If(!entry.CanRun(problem), $"{name} is for other shapes");
                for (int pixel = 0; pixel < Pixels; pixel++)
                    new Span<byte>(RandomConv.Pixel(test.Arena, problem.Input, 0, 0, pixel), Depth).Fill((byte)(pixel % 3 == 0 ? 255 : 0));
                KernelCases.AssertEqual(
                    test.Arena, new ConvInt8Reference(problem), entry.Create(problem), 1, $"{sign}·({weight}, {last})", test.Scratch);
            }
        }
    }

    private static bool Fit(sbyte* w)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                int sum = 0;
                for (int i = 0; i < 4; i++)
                    sum += Math.Abs((int)w[i / 2 * Block * Channels + channel * Block + i % 2 * Lanes + lane]);
                if (sum >= 255)
                    return false;
            }
        }

        return true;
    }
}
