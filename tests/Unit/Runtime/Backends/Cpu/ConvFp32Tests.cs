using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp32Tests
{
    private const int Cases = 300;

    /// <summary>All that compute any convolution; Winograd's method has tests of its own.</summary>
    public static IEnumerable<object[]> Names => KernelCases.Names<ConvFp32Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Every_kernel_stays_within_the_error_bound_of_exact_arithmetic(string name)
    {
        var entry = KernelCases.Find<ConvFp32Problem>(name);
        int run = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvFp32Case(seed);
            ConvChecks.Check(test.Problem);
            if (!entry.CanRun(test.Problem))
                continue;
            using var kernel = entry.Create(test.Problem);
            using var arena = test.Arena.Copy();
            KernelCases.RunParts(kernel, arena, 1 + seed % 3);
            test.Check(arena, $"{name}, seed {seed}, {test.Problem.Shape}");
            run++;
        }

        Assert.True(run > Cases / 20, $"only {run} cases were within reach of {name}");
    }
}
