using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The structure of the same name in ConvInt8.cuh, field for field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvInt8Arguments
{
    public CudaPlace Input, Output, Residual;
    public long Padding;
    public long Weights, Bias, Multiplier;
    public int Pixels, Height, Width, Channels;
    public int OutputHeight, OutputWidth, OutputChannels, KernelWidth;
    public int StrideHeight, StrideWidth, DilationHeight, DilationWidth, PadTop, PadLeft;
    public int HasBorder;
    public int GroupChannels, GroupOutputs;
    public int Runs, RunsOfRow, RunBytes;
    public int Chunks, Steps;
    public int StepPiece, StepX, StepY;
    public int HasResidual, HasBranch, IsFloat;
    public int ZeroPoint, Low, High, ResidualZero;
    public float ResidualScale, BranchLow, BranchHigh, BranchScale, FloatLow, FloatHigh;

    /// <summary>What both kernels want to know; the rest is theirs.</summary>
    public static ConvInt8Arguments Of(ConvInt8Problem p)
    {
        var s = p.Shape;
        return new()
        {
            Input = new(p.Input),
            Output = new(p.Output),
            Residual = new(p.Residual?.Placement ?? default),
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
            HasBorder = ConvInt8Cuda.HasBorder(p) ? 1 : 0,
            GroupChannels = s.GroupInputChannels,
            GroupOutputs = s.GroupOutputChannels,
            HasResidual = p.Residual is null ? 0 : 1,
            HasBranch = p.Branch is null ? 0 : 1,
            IsFloat = p.FloatOutput ? 1 : 0,
            ZeroPoint = p.OutputZeroPoint,
            Low = p.Low,
            High = p.High,
            ResidualZero = p.Residual?.ZeroPoint ?? 0,
            ResidualScale = p.Residual?.Scale ?? 0,
            BranchLow = p.Branch?.Low ?? 0,
            BranchHigh = p.Branch?.High ?? 0,
            BranchScale = p.Branch?.Scale ?? 0,
            FloatLow = p.FloatLow,
            FloatHigh = p.FloatHigh,
        };
    }
}
