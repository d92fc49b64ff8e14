using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution in float32 with the square filters that networks have, by <c>fmla</c>: four pixels of a row × 8 channels, whose taps read
/// every input once. The bias, then one FMA a tap, without those outside the picture; the same error bound as all.
/// </summary>
/// <remarks>All channels of four pixels are done in turn, so that inputs, weights and outputs are read and written in order.</remarks>
/// <typeparam name="TTaps">Width and stride of the filter.</typeparam>
internal sealed unsafe class ConvFp32DepthwiseSquareAdvSimd<TTaps> : PreparedKernel where TTaps : struct, IDepthwiseTapsAdvSimd
{
    private const int Pixels = 4, Width = 8;
    private readonly DepthwiseWalk _walk;
    private readonly int _channels;
    private readonly float _low, _high;
    private readonly NativeBlock<float> _weights; // [panel][tap][Width]
    private readonly NativeBlock<float> _bias;

    public ConvFp32DepthwiseSquareAdvSimd(string name, ConvFp32Problem problem)
    {
        (Name, _channels, _low, _high) = (name, problem.Shape.OutputChannels, problem.Low, problem.High);
        _walk = new DepthwiseWalk(problem, Pixels);
        var panels = ConvPanel.Strips(_channels, Width);
        _bias = PackChannels.Floats(problem.Bias, panels);
        _weights = PackDepthwise.Pack(problem.Weights.Span, problem.Shape, panels);
    }

    public override string Name { get; }

    public override long PackedBytes => _weights.Bytes + _bias.Bytes;

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_walk.Lines, part, parts);
        for (int line = start; line < end; line++)
        {
            var row = _walk.Row(arena, line);
            for (int x = 0; x < _walk.OutputWidth;)
            {
                if (x >= _walk.InnerStart && x < _walk.InnerEnd)
                {
                    Four(in row, x);
                    x += Pixels;
                }
                else
                {
                    One(in row, x++);
                }
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _weights.Dispose();
        _bias.Dispose();
    }

    /// <summary>
    /// All channels of four pixels whose taps lie between the picture's sides. Reads past the last channel (<see cref="Placement.ReadSlack"/>).
    /// </summary>
    private void Four(in DepthwiseRow row, int x)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        ref readonly var walk = ref _walk;
        Vector128<float> low = Vector128.Create(_low), high = Vector128.Create(_high);
        nint next = (nint)walk.InputStride, nextRow = (nint)walk.NextRow;
        long stride = walk.OutputStride, residualStride = walk.ResidualStride;
        byte* input = row.Input + (x * TTaps.Stride - walk.PadLeft) * walk.InputStride, output = row.Output + x * walk.OutputStride;
        byte* residual = row.Residual == null ? null : row.Residual + x * walk.ResidualStride;
        float* bias = _bias.Data, weights = _weights.Data + row.FirstTap * Width;
        int taps = row.Taps;
        for (int left = _channels; left > 0; left -= Width, bias += Width, weights += TTaps.Kernel * TTaps.Kernel * Width)
        {
            Vector128<float> a0 = Vector128.Load(bias), b0 = Vector128.Load(bias + 4), a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
            float* w = weights;
            byte* from = input;
            for (int tap = taps; tap > 0; tap--, from += nextRow, w += TTaps.Kernel * Width)
                TTaps.Row(from, next, w, ref a0, ref b0, ref a1, ref b1, ref a2, ref b2, ref a3, ref b3);
            Finish(output, residual, low, high, a0, b0, left);
            Finish(output + stride, residual == null ? null : residual + residualStride, low, high, a1, b1, left);
            Finish(output + 2 * stride, residual == null ? null : residual + 2 * residualStride, low, high, a2, b2, left);
            Finish(output + 3 * stride, residual == null ? null : residual + 3 * residualStride, low, high, a3, b3, left);
            input += Width * sizeof(float);
            output += Width * sizeof(float);
            residual += residual == null ? 0 : Width * sizeof(float);
        }
    }

    /// <summary>All channels of one pixel, without the taps beside the picture.</summary>
    private void One(in DepthwiseRow row, int x)
    {
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        ref readonly var walk = ref _walk;
        Vector128<float> low = Vector128.Create(_low), high = Vector128.Create(_high);
        int at = x * TTaps.Stride - walk.PadLeft, first = Math.Max(0, -at), columns = Math.Min(TTaps.Kernel, walk.InputWidth - at) - first;
        byte* input = row.Input + (at + first) * walk.InputStride, output = row.Output + x * walk.OutputStride;
        byte* residual = row.Residual == null ? null : row.Residual + x * walk.ResidualStride;
        float* bias = _bias.Data, weights = _weights.Data + (row.FirstTap + first) * Width;
        for (int left = _channels; left > 0; left -= Width, bias += Width, weights += TTaps.Kernel * TTaps.Kernel * Width)
        {
            Vector128<float> a = Vector128.Load(bias), b = Vector128.Load(bias + 4);
            float* line = weights;
            byte* from = input;
            for (int tap = row.Taps; tap > 0; tap--, from += walk.NextRow, line += TTaps.Kernel * Width)
            {
                byte* pixel = from;
                float* w = line;
                for (int column = columns; column > 0; column--, pixel += walk.InputStride, w += Width)
                {
                    a = AdvSimd.FusedMultiplyAdd(a, Vector128.Load((float*)pixel), Vector128.Load(w));
                    b = AdvSimd.FusedMultiplyAdd(b, Vector128.Load((float*)pixel + 4), Vector128.Load(w + 4));
                }
            }

            Finish(output, residual, low, high, a, b, left);
            input += Width * sizeof(float);
            output += Width * sizeof(float);
            residual += residual == null ? 0 : Width * sizeof(float);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(
        byte* output, byte* residual, Vector128<float> low, Vector128<float> high, Vector128<float> a, Vector128<float> b, int count)
    {
        if (residual != null)
        {
            a += Vector128.Load((float*)residual);
            b += Vector128.Load((float*)residual + 4);
        }

        // A NaN stays.
        a = AdvSimd.Min(AdvSimd.Max(a, low), high);
        b = AdvSimd.Min(AdvSimd.Max(b, low), high);
        if (count >= Width)
        {
            a.Store((float*)output);
            b.Store((float*)output + 4);
            return;
        }

        LanesFp32AdvSimd.Store(a, (float*)output, count);
        LanesFp32AdvSimd.Store(b, (float*)output + 4, count - 4);
    }
}

/// <summary>The filters whose taps of a row fit the registers: 3×3 and 5×5 at strides of 1 and 2.</summary>
internal static class ConvFp32DepthwiseSquareAdvSimd
{
    /// <summary>A depthwise convolution with one of these filters.</summary>
    public static bool CanRun(ConvFp32Problem problem) => DepthwiseShape.Is(problem.Shape)
        && problem.Shape is { DilationHeight: 1, DilationWidth: 1, KernelWidth: 3 or 5, StrideWidth: 1 or 2 } s
        && s.KernelHeight == s.KernelWidth && s.StrideHeight == s.StrideWidth;

    /// <summary>The kernel for the filter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="problem">One that <see cref="CanRun"/> accepts.</param>
    public static PreparedKernel Bind(string name, ConvFp32Problem problem) => (problem.Shape.KernelWidth, problem.Shape.StrideWidth) switch
    {
        (3, 1) => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.Three>(name, problem),
        (3, _) => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.ThreeByTwo>(name, problem),
        (_, 1) => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.Five>(name, problem),
        _ => new ConvFp32DepthwiseSquareAdvSimd<DepthwiseTapsAdvSimd.FiveByTwo>(name, problem),
    };
}
