using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Attention;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Steps;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;
using Xunit.Sdk;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>Random problems of kernels that compute floats within a bound, compared with sums in float64; see <see cref="CudaCases"/>.</summary>
internal static class CudaBoundedCases
{
    /// <summary>Draws for each kernel.</summary>
    public const int Seeds = 60;

    private const int PieceBytes = 16, MostMacs = 40_000;

    /// <summary>Whether problems of this kind are here.</summary>
    public static bool Has(Type kind) => kind == typeof(ConvFp32Problem) || kind == typeof(ConvFp16Problem) || kind == typeof(AttentionFp32Problem);

    /// <summary>Some step of a kernel.</summary>
    public static CudaStep Any(CudaKernelEntry entry)
    {
        if (entry.Kind == typeof(ConvFp32Problem))
        {
            using var test = Fp32(entry, 0);
            return entry.Prepare(test.Problem);
        }

        if (entry.Kind == typeof(ConvFp16Problem))
        {
            using var test = Fp16(entry, 0);
            return entry.Prepare(test.Problem);
        }

        using var arena = new TestArena(new Random(0));
        return entry.Prepare(AttentionTests.Make(new Random(0), arena));
    }

    /// <summary>What is wrong with a kernel's results, or nothing; null where the kernel does not take the problem.</summary>
    public static string? Run(CudaRig rig, CudaKernelEntry entry, int seed)
    {
        try
        {
            return entry.Kind == typeof(AttentionFp32Problem) ? Attention(rig, entry, seed) : Convolution(rig, entry, seed);
        }
        catch (XunitException e)
        {
            return e.Message;
        }
    }

    private static string? Convolution(CudaRig rig, CudaKernelEntry entry, int seed)
    {
        string what = $"{entry.Name}, seed {seed}";
        if (entry.Kind == typeof(ConvFp32Problem))
        {
            using var test = Fp32(entry, seed);
            if (!entry.Takes(test.Problem)) return null;
            using var actual = test.Arena.Copy();
            rig.Run(entry.Prepare(test.Problem), actual.Bytes);
            test.Check(actual, what);
        }
        else
        {
            using var test = Fp16(entry, seed);
            if (!entry.Takes(test.Problem)) return null;
            using var actual = test.Arena.Copy();
            rig.Run(entry.Prepare(test.Problem), actual.Bytes);
            test.Check(actual, chain: 0, what);
        }

        return "";
    }

    private static unsafe string Attention(CudaRig rig, CudaKernelEntry entry, int seed)
    {
        var random = new Random(seed);
        using var arena = new TestArena(random);
        var problem = AttentionTests.Make(random, arena);
        long bytes = AttentionFp32Reference.ScratchBytes(problem, 1);
        problem = problem with { Scratch = new Scratch(arena.Reserve(bytes, 64), bytes) };
        arena.Create(floats: false);
        arena.FillFloats();
        foreach (ref float value in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(arena.Bytes)) value *= 0.02f;
        using var expected = arena.Copy();
        using var reference = new AttentionFp32Reference(problem);
        reference.Run(expected.Base, 0, 1);
        using var actual = arena.Copy();
        rig.Run(entry.Prepare(problem), actual.Bytes);
        AttentionTests.AssertClose(problem, arena, expected, actual, $"{entry.Name}, seed {seed}");
        return "";
    }

    private static ConvFp32Case Fp32(CudaKernelEntry entry, int seed) => IsDirect(entry)
        ? new(new Random(seed), s => RandomConv.Shape(s, MostMacs)) : new(new Random(seed), s => Tiled(s, PieceBytes / 4), unit: PieceBytes / 4);

    private static ConvFp16Case Fp16(CudaKernelEntry entry, int seed) => IsDirect(entry)
        ? new(new Random(seed), s => RandomConv.Shape(s, MostMacs)) : new(new Random(seed), s => Tiled(s, PieceBytes / 2), unit: PieceBytes / 2);

    private static bool IsDirect(CudaKernelEntry entry) => entry.Name.EndsWith("Direct", StringComparison.Ordinal);

    /// <summary>Below, at and above the tile of 64 pixels, 64 channels and 64 bytes of depth.</summary>
    private static ConvShape Tiled(Random random, int unit)
    {
        int kernel = random.Next(3) switch { 0 => 1, 1 => 3, _ => random.Next(1, 6) }, dilation = random.Next(5) == 0 ? 2 : 1;
        int size = (kernel - 1) * dilation + random.Next(1, 7);
        return new ConvShape
        {
            Batch = random.Next(4) == 0 ? 2 : 1,
            InputHeight = size,
            InputWidth = size + random.Next(3),
            InputChannels = unit * random.Next(1, kernel == 1 ? 10 : 4),
            OutputChannels = random.Next(3) == 0 ? 16 * random.Next(1, 9) : random.Next(1, 100),
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
