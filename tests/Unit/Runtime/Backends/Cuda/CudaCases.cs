using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Steps;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>The random problems of the processor's kernels, run by one kernel for GPUs.</summary>
internal static class CudaCases
{
    /// <summary>Problems that a kernel is to take at the least.</summary>
    public const int Least = 40;

    private const int Seeds = 120, MatrixUnit = 16;
    private const long MostMacs = 60_000;

    /// <summary>The table's line.</summary>
    public static CudaKernelEntry Entry(string name) => CudaKernelTable.All.Single(e => e.Name == name);

    /// <summary>Runs a kernel on all problems that it takes and gives their number; stops at the first difference, which is described.</summary>
    public static int Run(CudaRig rig, string name, out string difference)
    {
        var entry = Entry(name);
        int count = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var (problem, arena) = Make(entry, seed);
            using var owned = arena;
            if (!entry.Takes(problem)) continue;
            using var expected = arena.Copy();
            using var reference = KernelTable.Prepare(problem, KernelTiers.Scalar);
            unsafe
            {
                reference.Run(expected.Base, 0, 1);
            }

            rig.Run(entry.Prepare(problem), arena.Bytes);
            count++;
            int same = expected.Bytes.CommonPrefixLength(arena.Bytes);
            if (same == expected.Bytes.Length) continue;
            difference = $"{name} differs at byte {same}, seed {seed}: {problem}";
            return count;
        }

        difference = "";
        return count;
    }

    /// <summary>Some step of a kernel.</summary>
    public static CudaStep Any(CudaKernelEntry entry)
    {
        for (int seed = 0; ; seed++)
        {
            var (problem, arena) = Make(entry, seed);
            using (arena)
                if (entry.Takes(problem)) return entry.Prepare(problem);
        }
    }

    private static (StepProblem Problem, TestArena Arena) Make(CudaKernelEntry entry, int seed)
    {
        if (entry.Kind == typeof(ConvInt8Problem))
        {
            bool isMatrix = entry.Processor >= 80;
            var test = isMatrix ? new ConvInt8Case(seed, shape: Matrix(seed), unit: MatrixUnit) : new ConvInt8Case(seed, MostMacs);
            return (test.Problem, test.Arena);
        }

        var random = new Random(seed);
        var arena = new TestArena(random);
        StepProblem problem = entry.Name switch
        {
            "AddInt8Cuda" => ElementwiseTests.AddInt8(random, arena),
            "MaxPoolInt8Cuda" => PoolTests.MaxPool(random, arena),
            "AveragePoolInt8Cuda" => PoolTests.AveragePool(random, arena),
            "UnaryInt8Cuda" => UnaryTests.Int8(random, arena),
            "QuantizeLinearCuda" => ElementwiseTests.Quantize(random, arena),
            "DequantizeLinearCuda" => ElementwiseTests.Dequantize(random, arena),
            "SubsamplePadInt8Cuda" => LayoutTests.Subsample(random, arena),
            "StridedCopyCuda" => LayoutTests.StridedCopy(random, arena),
            _ => throw new NotSupportedException($"{entry.Name} has no random problems: add them here"),
        };
        arena.Create(floats: false);
        return (problem, arena);
    }

    /// <summary>Below, at and above the tile of 64 pixels, 64 channels and 64 bytes of depth.</summary>
    private static ConvShape Matrix(int seed)
    {
        var random = new Random(seed);
        int kernel = random.Next(3) switch { 0 => 1, 1 => 3, _ => random.Next(1, 6) }, dilation = random.Next(5) == 0 ? 2 : 1;
        int size = (kernel - 1) * dilation + random.Next(1, 10);
        return new ConvShape
        {
            Batch = random.Next(4) == 0 ? 2 : 1,
            InputHeight = size,
            InputWidth = size + random.Next(3),
            InputChannels = 16 * random.Next(1, kernel == 1 ? 25 : 6),
            OutputChannels = random.Next(3) == 0 ? 16 * random.Next(1, 9) : random.Next(1, 140),
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = random.Next(1, 3),
            StrideWidth = random.Next(1, 3),
            DilationHeight = dilation,
            DilationWidth = dilation,
            PadTop = random.Next(kernel),
            PadLeft = random.Next(kernel),
            PadBottom = random.Next(kernel),
            PadRight = random.Next(kernel),
        };
    }
}
