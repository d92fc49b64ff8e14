using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Model;
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
        bool isExact = !CudaBoundedCases.Has(entry.Kind);
        int count = 0;
        difference = "";
        for (int seed = 0; seed < (isExact ? Seeds : CudaBoundedCases.Seeds) && difference.Length == 0; seed++)
            if ((isExact ? Exact(rig, entry, seed) : CudaBoundedCases.Run(rig, entry, seed)) is { } found) (count, difference) = (count + 1, found);
        return count;
    }

    /// <summary>Some step of a kernel.</summary>
    public static CudaStep Any(CudaKernelEntry entry)
    {
        if (CudaBoundedCases.Has(entry.Kind)) return CudaBoundedCases.Any(entry);
        for (int seed = 0; ; seed++)
        {
            var (problem, arena) = Make(entry, seed);
            using (arena)
                if (entry.Takes(problem)) return entry.Prepare(problem);
        }
    }

    /// <summary>Compares all bytes with those of the scalar kernel; null where the kernel does not take the problem.</summary>
    private static string? Exact(CudaRig rig, CudaKernelEntry entry, int seed)
    {
        var (problem, arena) = Make(entry, seed);
        using var owned = arena;
        if (!entry.Takes(problem)) return null;
        using var expected = arena.Copy();
        using var reference = KernelTable.Prepare(problem, KernelTiers.Scalar);
        unsafe
        {
            reference.Run(expected.Base, 0, 1);
        }

        rig.Run(entry.Prepare(problem), arena.Bytes);
        if (problem is UnaryFp32Problem or BinaryFp32Problem)
        {
            Unify(expected);
            Unify(arena);
        }

        int same = expected.Bytes.CommonPrefixLength(arena.Bytes);
        return same == expected.Bytes.Length ? "" : $"{entry.Name} differs at byte {same}, seed {seed}: {problem}";
    }

    /// <summary>Gives all that are no numbers the same bits: a device's have others than a processor's.</summary>
    private static void Unify(TestArena arena)
    {
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(arena.Bytes))
            if (float.IsNaN(value)) value = float.NaN;
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
            "AddFp32Cuda" => ElementwiseTests.AddFp32(random, arena),
            "AddFp16Cuda" => ElementwiseTests.AddFp16(random, arena),
            "MaxPoolCuda" => PoolTests.MaxPool(random, arena),
            "AveragePoolCuda" => PoolTests.AveragePool(random, arena),
            "UnaryInt8Cuda" => UnaryTests.Int8(random, arena),
            "UnaryFp32Cuda" => UnaryTests.Fp32(random, arena),
            "BinaryInt8Cuda" => BinaryInt8Tests.Problem(random, arena),
            "BinaryFp32Cuda" => BinaryTests.Problem(random, arena),
            "QuantizeLinearCuda" => ElementwiseTests.Quantize(random, arena),
            "DequantizeLinearCuda" => ElementwiseTests.Dequantize(random, arena),
            "ConvertFp16Cuda" => ElementwiseTests.ConvertFp16(random, arena),
            "SubsamplePadCuda" => LayoutTests.Subsample(random, arena),
            "ChannelMapCuda" => ChannelMap(random, arena),
            "ResizeCuda" => ResizeTests.Resize(random, arena),
            "StridedCopyCuda" => LayoutTests.StridedCopy(random, arena),
            "SoftmaxFp32Cuda" => LinesTests.Softmax(random, arena),
            "NormalizeFp32Cuda" => LinesTests.Normalize(random, arena),
            "InstanceNormFp32Cuda" => LinesTests.InstanceNorm(random, arena),
            "MatMulFp32Cuda" => MatMulTests.Make(random, arena),
            _ => throw new NotSupportedException($"{entry.Name} has no random problems: add them here"),
        };
        arena.Create(floats: false);
        if (HoldsHalves(problem)) arena.FillHalves();
        else if (HoldsFloats(problem)) arena.FillFloats();
        if (problem is UnaryFp32Problem or BinaryFp32Problem) AddSpecialNumbers(random, arena);
        return (problem, arena);
    }

    private static bool HoldsHalves(StepProblem problem) => problem is AddFp16Problem or ConvertFp16Problem { ToHalf: false }
        or MaxPoolProblem { Type: ElementType.Float16 } or AveragePoolProblem { Type: ElementType.Float16 };

    private static bool HoldsFloats(StepProblem problem) => problem is AddFp32Problem or ConvertFp16Problem or UnaryFp32Problem or BinaryFp32Problem
        or BinaryInt8Problem { IsRightFloat: true } or ResizeProblem { Type: ElementType.Float32 } or SoftmaxFp32Problem or NormalizeFp32Problem
        or InstanceNormFp32Problem or MatMulFp32Problem or MaxPoolProblem { Type: ElementType.Float32 }
        or AveragePoolProblem { Type: ElementType.Float32 };

    private static void AddSpecialNumbers(Random random, TestArena arena)
    {
        float[] special = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, -1e-40f, 1e-6f, -3e38f, 88.8f];
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(arena.Bytes))
            if (random.Next(8) == 0) value = random.Next(2) == 0 ? special[random.Next(special.Length)] : random.NextSingle() * 8 - 4;
    }

    private static ChannelMapProblem ChannelMap(Random random, TestArena arena)
    {
        ElementType[] types = [ElementType.UInt8, ElementType.Float16, ElementType.Float32];
        var (input, type) = (KernelCases.Shape(random), types[random.Next(types.Length)]);
        int blockHeight = random.Next(1, 4), blockWidth = random.Next(1, 4);
        var output = new NhwcShape(
            input.Batch, random.Next(1, input.Height * blockHeight + 1), random.Next(1, input.Width * blockWidth + 1), random.Next(1, 30));
        var problem = new ChannelMapProblem
        {
            Input = input,
            Output = output,
            BlockHeight = blockHeight,
            BlockWidth = blockWidth,
            Map = [.. Enumerable.Range(0, blockHeight * blockWidth * output.Channels).Select(_ => random.Next(input.Channels))],
            Type = type,
            From = RandomConv.Dense(random, arena, input, type.KernelSize()),
            To = RandomConv.Dense(random, arena, output, type.KernelSize()),
        };
        problem.Check();
        return problem;
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
