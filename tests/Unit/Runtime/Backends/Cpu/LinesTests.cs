using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class LinesTests
{
    public static IEnumerable<object[]> SoftmaxNames => KernelCases.Names<SoftmaxFp32Problem>();

    public static IEnumerable<object[]> NormalizeNames => KernelCases.Names<NormalizeFp32Problem>();

    public static IEnumerable<object[]> InstanceNormNames => KernelCases.Names<InstanceNormFp32Problem>();

    [SkippableTheory]
    [MemberData(nameof(SoftmaxNames))]
    public void A_softmax_equals_the_reference_bit_for_bit(string name) =>
        KernelCases.AssertAllEqual<SoftmaxFp32Problem>(name, Softmax, static _ => true);

    [SkippableTheory]
    [MemberData(nameof(NormalizeNames))]
    public void A_normalisation_equals_the_reference_bit_for_bit(string name) =>
        KernelCases.AssertAllEqual<NormalizeFp32Problem>(name, Normalize, static _ => true);

    [SkippableTheory]
    [MemberData(nameof(InstanceNormNames))]
    public void A_normalisation_of_channels_equals_the_reference_bit_for_bit(string name) =>
        KernelCases.AssertAllEqual<InstanceNormFp32Problem>(name, InstanceNorm, static _ => true);

    [SkippableTheory]
    [MemberData(nameof(SoftmaxNames))]
    public void A_softmax_is_within_its_bound(string name)
    {
        foreach (float spread in new[] { 1f, 30, 300 })
        {
            float[] x = Random(41, spread), y = Run(name, x);
            double max = x.Max(), sum = x.Sum(v => Math.Exp(v - max));
            for (int i = 0; i < x.Length; i++)
            {
                double exact = Math.Exp(x[i] - max) / sum;
                double bound = exact * (3 + (max - x[i]) / 2) * 1.2e-7 + float.Epsilon;
                Assert.InRange(y[i], exact - bound, exact + bound);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(SoftmaxNames))]
    public void A_softmax_says_so_when_it_has_no_answer(string name)
    {
        foreach (float odd in new[] { float.NaN, float.PositiveInfinity })
        {
            foreach (int at in new[] { 0, 7, 16, 20 })
            {
                float[] x = Random(21, 1);
                x[at] = odd;
                Assert.All(Run(name, x), static v => Assert.Equal(float.NaN, v));
            }
        }

        float[] masked = Random(21, 1);
        for (int i = 0; i < masked.Length; i += 2)
            masked[i] = float.NegativeInfinity;
        float[] shares = Run(name, masked);
        Assert.Equal(1, shares.Sum(), 1e-6f);
        Assert.All(shares.Where(static (_, i) => i % 2 == 0), static v => Assert.Equal(0, v));
        Assert.All(Run(name, [.. Enumerable.Repeat(float.NegativeInfinity, 9)]), static v => Assert.Equal(float.NaN, v));
    }

    [SkippableTheory]
    [MemberData(nameof(NormalizeNames))]
    public void A_large_mean_does_not_cost_the_variance_its_digits(string name)
    {
        float[] x = [.. Random(100, 1).Select(static v => v + 4096)], y = new float[100];
        double mean = x.Average(static v => (double)v), variance = x.Average(v => (v - mean) * (v - mean));
        var problem = new NormalizeFp32Problem
        {
            Shape = new NhwcShape(1, 1, 1, x.Length),
            Input = Line(0, x.Length),
            Output = Line(x.Length, x.Length),
            Centers = true,
            Epsilon = 0,
            Scale = [.. Enumerable.Repeat(1f, x.Length)],
            Bias = new float[x.Length],
        };
        using var kernel = KernelCases.Find<NormalizeFp32Problem>(name).Create(problem);
        Compute(kernel, x, y);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal((x[i] - mean) / Math.Sqrt(variance), y[i], 1e-6);
    }

    [Fact]
    public void Scales_that_do_not_fit_are_a_defect()
    {
        var fits = new NormalizeFp32Problem
        {
            Shape = new NhwcShape(1, 1, 1, 4),
            Input = Line(0, 4),
            Output = Line(0, 4),
            Centers = true,
            Epsilon = 0,
            Scale = new float[4],
            Bias = new float[4],
        };
        fits.Check();
        Assert.Throws<ArgumentException>((fits with { Scale = new float[3] }).Check);
        Assert.Throws<ArgumentException>((fits with { Scale = new float[3], Bias = new float[3] }).Check);
        Assert.Throws<ArgumentException>((fits with { Scale = [], Bias = [], IsPerPixel = true }).Check);
    }

    private static float[] Run(string name, float[] x)
    {
        var problem = new SoftmaxFp32Problem
        {
            Shape = new NhwcShape(1, 1, 1, x.Length),
            Input = Line(0, x.Length),
            Output = Line(x.Length, x.Length),
        };
        float[] y = new float[x.Length];
        using var kernel = KernelCases.Find<SoftmaxFp32Problem>(name).Create(problem);
        Compute(kernel, x, y);
        return y;
    }

    private static void Compute(PreparedKernel kernel, float[] x, float[] y)
    {
        float[] arena = [.. x, .. y, .. new float[16]];
        fixed (float* first = arena)
            kernel.Run((byte*)first, 0, 1);
        arena.AsSpan(x.Length, y.Length).CopyTo(y);
    }

    private static Placement Line(int at, int length) => new(4L * at, 4 * length, 4 * length, 4L * length);

    private static float[] Random(int count, float spread)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * spread)];
    }

    private static (NhwcShape Shape, Placement Input, Placement Output) Places(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        var input = RandomConv.Dense(random, arena, shape, 4);
        return (shape, input, random.Next(2) == 0 ? input : RandomConv.Dense(random, arena, shape, 4));
    }

    internal static SoftmaxFp32Problem Softmax(Random random, TestArena arena)
    {
        var (shape, input, output) = Places(random, arena);
        var problem = new SoftmaxFp32Problem { Shape = shape, Input = input, Output = output };
        problem.Check();
        return problem;
    }

    internal static NormalizeFp32Problem Normalize(Random random, TestArena arena)
    {
        var (shape, input, output) = Places(random, arena);
        bool isPerPixel = random.Next(2) == 0;
        int parameters = isPerPixel ? random.Next(1, 9) : shape.Channels;
        var problem = new NormalizeFp32Problem
        {
            Shape = shape,
            Input = input,
            Output = output,
            Centers = random.Next(3) > 0,
            Epsilon = 1e-5f,
            Scale = Random(parameters, 2),
            Bias = Random(parameters + 1, 1)[1..],
            IsPerPixel = isPerPixel,
        };
        problem.Check();
        return problem;
    }

    internal static InstanceNormFp32Problem InstanceNorm(Random random, TestArena arena)
    {
        var (shape, input, output) = Places(random, arena);
        var problem = new InstanceNormFp32Problem
        {
            Shape = shape,
            Input = input,
            Output = output,
            Epsilon = 1e-5f,
            Scale = Random(shape.Channels, 2),
            Bias = Random(shape.Channels + 1, 1)[1..],
        };
        problem.Check();
        return problem;
    }
}
