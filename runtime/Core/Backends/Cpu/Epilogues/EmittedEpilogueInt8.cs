using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>What the emitted int8 epilogue reads of a problem.</summary>
internal static unsafe class EmittedEpilogueInt8
{
    /// <summary>Fills the fields that follow from the problem, the first pixel and the panel; not those of the sums.</summary>
    public static void Fill(ref ConvArgs args, ConvInt8Problem p, byte* arena, int pixel, in ConvPanel panel)
    {
        args.Output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride + panel.First;
        args.OutputStride = p.Output.PixelStride;
        args.Mask = ulong.MaxValue >> (64 - panel.Count);
        args.IsPlain = p is { OutputZeroPoint: 0, Low: 0, High: 255 } and ({ Residual: null } or { Residual.ZeroPoint: 0 }) ? 1 : 0;
        args.OutputZeroPoint = p.OutputZeroPoint;
        args.Low = p.Low;
        fixed (byte* high = args.High)
            new Span<byte>(high, 64).Fill(p.High);
        if (p.Residual is { } residual)
        {
            args.Residual = arena + residual.Placement.Offset + (long)pixel * residual.Placement.PixelStride + panel.First;
            args.ResidualStride = residual.Placement.PixelStride;
            args.ResidualZeroPoint = residual.ZeroPoint;
            args.ResidualScale = residual.Scale;
        }

        if (p.Branch is { } branch)
        {
            (args.HasBranch, args.Rounding, args.BranchScale) = (1, Requantize.Rounding, branch.Scale);
            (args.BranchLow, args.BranchHigh) = (Requantize.Rounding + branch.Low, Requantize.Rounding + branch.High);
        }
    }
}
