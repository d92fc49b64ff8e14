using ResNetEdge.Backends.Cpu;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;
using ResNetEdge.Tests.Unit.Runtime.Preprocess;

namespace ResNetEdge.Tests.Arm64;

/// <summary>The kernels' unit tests on this processor: exit 0 when all passed.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var runner = new TestRunner(Console.Out);
        switch (args)
        {
            case []:
                Console.WriteLine($"tiers {string.Join(' ', KernelTiers.AvailableNames)}");
                RunAll(runner);
                break;
            case ["--only", var name]:
                runner.Only = name;
                RunAll(runner);
                break;
            case ["--mistake"]:
                runner.Run<MistakenTests>();
                break;
            default:
                Console.Error.WriteLine("usage: ResNetEdge.Arm64Bench [--mistake | --only CLASS]");
                return 2;
        }

        Console.WriteLine($"{runner.Passed} passed, {runner.Failed} failed, {runner.Skipped} skipped");
        return runner.Failed == 0 ? 0 : 1;
    }

    private static void RunAll(TestRunner runner)
    {
        runner.Run<KernelTierTests>();
        runner.Run<PoolTests>();
        runner.Run<ElementwiseTests>();
        runner.Run<UnaryTests>();
        runner.Run<LayoutTests>();
        runner.Run<ConvInt8Tests>();
        runner.Run<FoursInt8Tests>();
        runner.Run<ConvInt8WinogradTests>();
        runner.Run<ConvFp16Tests>();
        runner.Run<ConvFp16WinogradTests>();
        runner.Run<ConvFp32Tests>();
        runner.Run<ConvFp32WinogradTests>();
        runner.Run<ConvFp32WinogradRowsTests>();
        runner.Run<MatMulTests>();
        runner.Run<AttentionTests>();
        runner.Run<LinesTests>();
        runner.Run<BinaryTests>();
        runner.Run<BinaryInt8Tests>();
        runner.Run<RecurrentTests>();
        runner.Run<ResizeTests>();
        runner.Run<PlanarRowTests>();
        runner.Run<WeightSumsTests>();
        runner.Run<SameBitsTests>();
    }
}
