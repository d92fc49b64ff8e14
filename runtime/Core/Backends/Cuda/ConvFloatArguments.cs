using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The structure of the same name in ConvFloatFinish.cuh, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvFloatArguments
{
    public CudaPlace Input, Output, Residual;
    public long Padding;
    public long Weights, Bias;
    public int Pixels, Height, Width, Channels;
    public int OutputHeight, OutputWidth, OutputChannels, KernelWidth;
    public int StrideHeight, StrideWidth, DilationHeight, DilationWidth, PadTop, PadLeft;
    public int HasBorder;
    public int Taps, GroupChannels, GroupOutputs;
    public int Chunks, Steps;
    public int StepPiece, StepX, StepY;
    public int HasResidual;
    public float Low, High;

    /// <summary>What all kernels want to know; the rest is theirs.</summary>
    public static ConvFloatArguments Of(ConvFloatProblem p)
    {
        var s = p.Shape;
        return new()
        {
            Input = new(p.Input),
            Output = new(p.Output),
            Residual = new(p.Residual ?? default),
            Padding = p.PaddingOffset,
            Pixels = s.Pixels,
            Height = s.InputHeight,
            Width = s.InputWidth,
            Channels = s.InputChannels,
            OutputHeight = s.OutputHeight,
            OutputWidth = s.OutputWidth,
            OutputChannels = s.OutputChannels,
            KernelWidth = s.KernelWidth,
            StrideHeight = s.StrideHeight,
            StrideWidth = s.StrideWidth,
            DilationHeight = s.DilationHeight,
            DilationWidth = s.DilationWidth,
            PadTop = s.PadTop,
            PadLeft = s.PadLeft,
            HasBorder = p.Input.RowStride > s.InputWidth * p.Input.PixelStride ? 1 : 0,
            Taps = s.Taps,
            GroupChannels = s.GroupInputChannels,
            GroupOutputs = s.GroupOutputChannels,
            HasResidual = p.Residual is null ? 0 : 1,
            Low = p.Low,
            High = p.High,
        };
    }
}
