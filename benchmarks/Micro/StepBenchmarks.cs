using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Benchmarks.Micro;

/// <summary>The steps around the convolutions of a ResNet-50, u8, at their largest size.</summary>
[MemoryDiagnoser]
public unsafe class StepBenchmarks
{
    private const int Bytes = 1 << 24;
    private readonly Dictionary<string, PreparedKernel> _kernels = [];
    private byte* _arena;

    public static IEnumerable<string> Tiers => KernelTiers.AvailableNames;

    [ParamsSource(nameof(Tiers))]
    public string Tier { get; set; } = "";

    [Params("max_pool_3x3_2", "global_average_pool", "add", "quantize", "dequantize", "input_nchw")]
    public string Step { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        _arena = (byte*)NativeMemory.AlignedAlloc(Bytes, 64);
        new Random(1).NextBytes(new Span<byte>(_arena, Bytes));
        _kernels[Step] = Kernel(Step, KernelTiers.Find(Tier));
    }

    [Benchmark]
    public void Run() => _kernels[Step].Run(_arena, 0, 1);

    [GlobalCleanup]
    public void Free()
    {
        _kernels[Step].Dispose();
        NativeMemory.AlignedFree(_arena);
    }

    internal static PreparedKernel Kernel(string step, KernelTier tier)
    {
        var large = new NhwcShape(1, 56, 56, 256);
        Placement first = Dense(0, large, 1), second = Dense(1 << 20, large, 1), third = Dense(2 << 20, large, 1), floats = Dense(4 << 20, large, 4);
        var stem = new PoolShape
        {
            InputHeight = 112,
            InputWidth = 112,
            Channels = 64,
            KernelHeight = 3,
            KernelWidth = 3,
            StrideHeight = 2,
            StrideWidth = 2,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
        };
        var head = new PoolShape { InputHeight = 7, InputWidth = 7, Channels = 2048, KernelHeight = 7, KernelWidth = 7 };
        var picture = new NhwcShape(1, 224, 224, 3);
        return step switch
        {
            "max_pool_3x3_2" => KernelTable.Prepare(new MaxPoolProblem
            {
                Shape = stem,
                Type = ElementType.UInt8,
                Input = Dense(0, stem.Input, 1),
                Output = Dense(2 << 20, stem.Output, 1),
            }, tier),
            "global_average_pool" => KernelTable.Prepare(new AveragePoolProblem
            {
                Shape = head,
                Type = ElementType.UInt8,
                Input = Dense(0, head.Input, 1),
                Output = Dense(2 << 20, head.Output, 1),
            }, tier),
            "add" => KernelTable.Prepare(
                new AddInt8Problem { Shape = large, Left = first, Right = second, Output = third, LeftMultiplier = 0.7f, RightMultiplier = 0.6f },
                tier),
            "quantize" =>
                KernelTable.Prepare(new QuantizeLinearProblem { Shape = large, Input = floats, Output = first, Scale = 0.02f, ZeroPoint = 3 }, tier),
            "dequantize" => KernelTable.Prepare(
                new DequantizeLinearProblem { Shape = large, Input = first, Output = floats, Scale = 0.02f, ZeroPoint = 3 }, tier),
            "input_nchw" => KernelTable.Prepare(
                new StridedCopyProblem
                {
                    Type = ElementType.Float32,
                    Dimensions =
                    [
                        new(picture.Height * picture.Width, sizeof(float), picture.Channels * sizeof(float)),
                        new(picture.Channels, (long)picture.Height * picture.Width * sizeof(float), sizeof(float)),
                    ],
                    Input = 0,
                    Output = 4 << 20,
                }, tier),
            _ => throw new ArgumentException($"no step {step}"),
        };
    }

    private static Placement Dense(long offset, NhwcShape s, int size) =>
        new(offset, s.Channels * size, s.Width * s.Channels * size, (long)s.Height * s.Width * s.Channels * size);
}
