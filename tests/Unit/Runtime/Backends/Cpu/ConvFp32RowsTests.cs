using ResNetEdge.Backends.Cpu.Conv.Depthwise;
using ResNetEdge.Backends.Cpu.Conv.Rows;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp32RowsTests
{
    private const int Cases = 600;

    public static IEnumerable<object[]> Names => KernelCases.Names<ConvFp32Problem>();

    [SkippableFact]
    public void Depthwise_machine_code_gives_the_same_bits_as_the_lanes()
    {
        var emitted = KernelCases.Find<ConvFp32Problem>(nameof(ConvFp32RowsAvx512));
        var lanes = KernelCases.Find<ConvFp32Problem>("ConvFp32DepthwiseAvx2");
        int run = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvFp32Case(new Random(seed), RandomConv.AlongRows);
            if (!DepthwiseShape.Is(test.Problem.Shape) || !emitted.CanRun(test.Problem)) continue;
            using var first = emitted.Create(test.Problem);
            using var second = lanes.Create(test.Problem);
            using TestArena actual = test.Arena.Copy(), expected = test.Arena.Copy();
            KernelCases.RunParts(first, actual, 1 + seed % 3);
            KernelCases.RunParts(second, expected, 1);
            Assert.True(actual.Bytes.SequenceEqual(expected.Bytes), $"seed {seed}, {test.Problem.Shape}");
            run++;
        }

        Assert.InRange(run, Cases / 20, Cases);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Depthwise_filters_and_small_groups_stay_within_the_error_bound_of_exact_arithmetic(string name)
    {
        var entry = KernelCases.Find<ConvFp32Problem>(name);
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvFp32Case(new Random(seed), RandomConv.AlongRows);
            if (!entry.CanRun(test.Problem)) continue;
            using var kernel = entry.Create(test.Problem);
            using var arena = test.Arena.Copy();
            KernelCases.RunParts(kernel, arena, 1 + seed % 3);
            test.Check(arena, $"{name}, seed {seed}, {test.Problem.Shape}");
        }
    }
}
