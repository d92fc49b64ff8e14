using BenchmarkDotNet.Attributes;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Benchmarks.Micro;

/// <summary>A decoded 500×375 RGB picture to a 3×224×224 input: shorter side to 256, center crop, normalise; by each resize kernel.</summary>
[MemoryDiagnoser]
public unsafe class PreprocessPicture : IDisposable
{
    private const int Side = 224;

    private readonly Picture _picture = new();
    private readonly NativeBuffer _memory = new();
    private Preprocessor? _preprocessor;
    private InputBuffer _input;

    /// <summary>All that this machine can run.</summary>
    public static IEnumerable<string> Kernels => ResizeKernels.All.Select(kernel => kernel.GetType().Name);

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    [Params(false, true)]
    public bool Quantised { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var spec = new PreprocessSpec
        {
            Height = Side,
            Width = Side,
            Resize = ResizeMode.ShortestSide,
            ResizeSize = 256,
            Mean = [0.485f, 0.456f, 0.406f],
            Std = [0.229f, 0.224f, 0.225f],
        };
        int element = Quantised ? 1 : sizeof(float);
        _input = new InputBuffer
        {
            Data = _memory.Reserve(4L * Side * Side * element),
            Type = Quantised ? ElementType.UInt8 : ElementType.Float32,
            Channels = 3,
            Height = Side,
            Width = Side,
            ChannelStride = element,
            PixelStride = 4 * element,
            RowStride = 4L * Side * element,
            Steps = new ChannelSteps(3, 0.0187f, 114),
        };
        _picture.Reset("noise", 500, 375, 3);
        new Random(1).NextBytes(_picture.Pixels);
        _preprocessor = new Preprocessor(spec, _input, ResizeKernels.All.Single(kernel => kernel.GetType().Name == Kernel));
    }

    [Benchmark]
    public void Write() => _preprocessor!.Write(_picture, "noise", _input);

    [GlobalCleanup]
    public void Dispose()
    {
        _preprocessor?.Dispose();
        _memory.Dispose();
        _picture.Dispose();
        GC.SuppressFinalize(this);
    }
}
