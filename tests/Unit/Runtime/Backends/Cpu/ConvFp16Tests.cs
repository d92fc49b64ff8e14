using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp16Tests
{
    private const int Cases = 300;

    /// <summary>Additions in a row that kernels round to float16; those not named sum in float32.</summary>
    private static readonly Dictionary<string, int> Chains = [];

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
            test.Check(arena, Chains.GetValueOrDefault(name), $"{name}, seed {seed}, {test.Problem.Shape}");
            run++;
        }

        Assert.True(run > KernelCases.Some(Cases) / 20, $"only {run} cases were within reach of {name}");
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
