using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Benchmarks.Micro;

/// <summary>A convolution with random data, as the planner would lay it out: a stem's input has a border, and four-byte pixels in int8.</summary>
internal sealed unsafe class BenchConv : IDisposable
{
    private const byte ZeroPoint = 7;
    private readonly byte* _arena;
    private readonly PreparedKernel _kernel;

    private BenchConv(nint arena, PreparedKernel kernel)
    {
        _arena = (byte*)arena;
        _kernel = kernel;
    }

    public string Name => _kernel.Name;

    public static BenchConv Int8(ConvShape s, bool residual, KernelTier tier)
    {
        var (arena, input, padding, output, shortcut) = Layout(s, 1);
        var random = new Random(1);
        sbyte[] weights = new sbyte[s.OutputChannels * s.Depth];
        random.NextBytes(MemoryMarshal.AsBytes(weights.AsSpan()));
        return new BenchConv(arena, KernelTable.Prepare(new ConvInt8Problem
        {
            Shape = s,
            Weights = weights,
            Bias = new int[s.OutputChannels],
            InputZeroPoint = ZeroPoint,
            Multiplier = Enumerable.Repeat((float)(60 / (74 * 147 * Math.Sqrt(s.Depth))), s.OutputChannels).ToArray(),
            Input = input,
            PaddingOffset = padding,
            Output = output,
            Residual = residual ? new ResidualInt8(shortcut, 5, 0.37f) : null,
            OutputZeroPoint = 3,
            Low = 3,
        }, tier));
    }

    public static BenchConv Fp32(ConvShape s, bool residual, KernelTier tier)
    {
        var (arena, input, padding, output, shortcut) = Layout(s, 4);
        var random = new Random(1);
        float[] weights = Enumerable.Range(0, s.OutputChannels * s.Depth).Select(_ => (random.NextSingle() - 0.5f) / s.Depth).ToArray();
        return new BenchConv(arena, KernelTable.Prepare(new ConvFp32Problem
        {
            Shape = s,
            Weights = weights,
            Bias = new float[s.OutputChannels],
            Input = input,
            PaddingOffset = padding,
            Output = output,
            Residual = residual ? shortcut : null,
            Low = 0,
        }, tier));
    }

    public void Run() => _kernel.Run(_arena, 0, 1);

    public void Dispose()
    {
        _kernel.Dispose();
        NativeMemory.AlignedFree(_arena);
    }

    private static (nint Arena, Placement Input, long Padding, Placement Output, Placement Shortcut) Sizes(ConvShape s, int size)
    {
        bool stem = s.InputChannels <= 4;
        int pixel = (stem && size == 1 ? 4 : s.InputChannels) * size, border = stem ? s.PadLeft : 0;
        int row = (s.InputWidth + 2 * border) * pixel;
        long image = (long)(s.InputHeight + 2 * border) * row;
        var input = new Placement((long)border * (row + pixel), pixel, row, image);
        long padding = (image + 127) / 64 * 64, after = (padding + ConvChecks.PaddingBytes(s, size) + 127) / 64 * 64;
        int outPixel = s.OutputChannels * size;
        long outImage = (long)s.Pixels * outPixel;
        var output = new Placement(after, outPixel, s.OutputWidth * outPixel, outImage);
        var shortcut = output with { Offset = (after + outImage + 127) / 64 * 64 };
        return ((nint)(shortcut.Offset + outImage + Placement.ReadSlack), input, padding, output, shortcut);
    }

    private static (nint Arena, Placement Input, long Padding, Placement Output, Placement Shortcut) Layout(ConvShape s, int size)
    {
        var (length, input, padding, output, shortcut) = Sizes(s, size);
        byte* arena = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        if (size == 1)
            new Random(2).NextBytes(new Span<byte>(arena, (int)length));
        else
            new Span<byte>(arena, (int)length).Clear();
        new Span<byte>(arena + padding, ConvChecks.PaddingBytes(s, size)).Fill(size == 1 ? ZeroPoint : (byte)0);
        return ((nint)arena, input, padding, output, shortcut);
    }
}
