using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>Finished sums of a rectangle of pixels, sixteen channels each, and what becomes of them.</summary>
internal unsafe struct FinishInt8
{
    /// <summary>Channels of a panel.</summary>
    public const int Lanes = 16;

    /// <summary>
    /// Added to a sum below 2²² in magnitude it is the float 1.5·2²³ + sum by its bits, which a subtraction turns into the sum's float.
    /// </summary>
    public const int SmallSum = 0x4B400000;

    /// <summary>[row][column][16] with the bias in them; rows <see cref="SumRow"/> elements apart.</summary>
    public int* Sums;

    public int SumRow, Height, Width;

    /// <summary>[16].</summary>
    public float* Multiplier;

    /// <summary>Of the first pixel and the panel's first channel. The residual is not read without a shortcut.</summary>
    public byte* Output, Residual;

    /// <summary>Bytes from one pixel to its right neighbour, and from one row to the next.</summary>
    public long PixelStride, RowStride, ResidualPixelStride, ResidualRowStride;

    /// <summary>Channels that exist, 1..16.</summary>
    public int Count;

    public int OutputZeroPoint, Low, High, ResidualZeroPoint;

    public float ResidualScale, FloatLow, FloatHigh;

    /// <summary>See <see cref="BranchInt8"/>, the bounds plus <see cref="Requantize.Rounding"/>.</summary>
    public float BranchLow, BranchHigh, BranchScale;

    /// <summary>
    /// <see cref="Requantize.Rounding"/>, as a number that is read once where the compiler would load a constant again for each pixel.
    /// </summary>
    public float Rounding;

    /// <summary>What follows from the problem alone.</summary>
    public static FinishInt8 Of(ConvInt8Problem p)
    {
        var residual = p.Residual?.Placement ?? default;
        return new FinishInt8
        {
            Height = 1,
            PixelStride = p.Output.PixelStride,
            RowStride = (long)p.Shape.OutputWidth * p.Output.PixelStride,
            ResidualPixelStride = residual.PixelStride,
            ResidualRowStride = (long)p.Shape.OutputWidth * residual.PixelStride,
            OutputZeroPoint = p.OutputZeroPoint,
            Low = p.Low,
            High = p.High,
            FloatLow = p.FloatLow,
            FloatHigh = p.FloatHigh,
            ResidualZeroPoint = p.Residual?.ZeroPoint ?? 0,
            ResidualScale = p.Residual?.Scale ?? 0,
            BranchLow = Requantize.Rounding + (p.Branch?.Low ?? 0),
            BranchHigh = Requantize.Rounding + (p.Branch?.High ?? 0),
            BranchScale = p.Branch?.Scale ?? 0,
            Rounding = Requantize.Rounding,
        };
    }
}
