using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Depthwise;
using ResNetEdge.Backends.Cpu.Conv.Fp16;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp16Tests
{
    private const int Cases = 300;

    /// <summary>Additions in a row that kernels round to float16, by the products of a sum; those not named sum in float32.</summary>
    private static readonly Dictionary<string, Func<int, int>> Chains = new()
    {
        [nameof(ConvFp16NeonHalf)] = ConvFp16NeonHalf.Roundings,
        [nameof(ConvFp16DepthwiseNeonHalf)] = ConvFp16DepthwiseNeonHalf.Roundings,
    };

    /// <summary>All that compute float16 directly.</summary>
    public static IEnumerable<object[]> Names => KernelCases.Names<ConvFp16Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Every_kernel_stays_within_the_error_bound_of_exact_arithmetic(string name)
    {
        var entry = KernelCases.Find<ConvFp16Problem>(name);
        int run = 0;
        for (int seed = 0; seed < KernelCases.Some(Cases); seed++)
        {
            using var test = new ConvFp16Case(seed);
            test.Problem.Check();
            if (!entry.CanRun(test.Problem)) continue;
            using var kernel = entry.Create(test.Problem);
            using var arena = KernelCases.RunWithoutAllocating(test.Arena, kernel, 1 + seed % 3, name);
            test.Check(arena, Chains.GetValueOrDefault(name)?.Invoke(test.Problem.Shape.Depth) ?? 0, $"{name}, seed {seed}, {test.Problem.Shape}");
            run++;
        }

        Assert.True(run > KernelCases.Some(Cases) / 20, $"only {run} cases were within reach of {name}");
    }

    /// <summary>Sums of whole numbers are exact in half precision as long as they stay below 2048, in any order; these are far below.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Whole_numbers_come_out_exactly(string name)
    {
        var entry = KernelCases.Find<ConvFp16Problem>(name);
        for (int seed = 0; seed < KernelCases.Some(Cases); seed++)
        {
            using var test = new ConvFp16Case(seed);
            var random = new Random(seed);
            var problem = test.Problem with
            {
                Weights = Enumerable.Range(0, test.Problem.Weights.Length).Select(_ => (float)random.Next(-2, 3)).ToArray(),
                Bias = [.. Enumerable.Range(0, test.Problem.Bias.Length).Select(_ => (float)random.Next(-9, 10))],
            };
            if (!entry.CanRun(problem)) continue;
            test.MakeWhole(random);
            using var actual = KernelCases.RunWithoutAllocating(test.Arena, entry.Create(problem), 1 + seed % 3, name);
            using var expected = KernelCases.RunWithoutAllocating(test.Arena, new ConvFp16Reference(problem), 1, name);
            test.AssertSameNumbers(expected, actual, $"{name}, seed {seed}, {problem.Shape}");
        }
    }

    [Fact]
    public void A_weight_beyond_half_precision_is_refused_by_its_channel()
    {
        using var test = new ConvFp16Case(1);
        float[] weights = test.Problem.Weights.ToArray();
        weights[^1] = 65520;
        var failure = Assert.Throws<EdgeException>((test.Problem with { Weights = weights }).Check);
        Assert.Equal($"a weight of output channel {test.Problem.Shape.OutputChannels - 1} is 65520, beyond the 65504 of float16", failure.Message);
        weights[^1] = 65519;
        (test.Problem with { Weights = weights }).Check();
        weights[^1] = float.NaN;
        failure = Assert.Throws<EdgeException>((test.Problem with { Weights = weights }).Check);
        Assert.Contains("weights must be finite", failure.Message, StringComparison.Ordinal);
    }
}
