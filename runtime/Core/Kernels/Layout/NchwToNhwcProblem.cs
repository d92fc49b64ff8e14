using ResNetEdge.Kernels.Quantize;
using ResNetEdge.Model;

namespace ResNetEdge.Kernels.Layout;

/// <summary>A float32 N C H W input becomes an NHWC activation: as it is, or quantised to u8 as <see cref="Requantize.Quantize"/> says.</summary>
internal sealed record NchwToNhwcProblem
{
    public required NhwcShape Shape { get; init; }

    /// <summary>Offset in the arena of the dense float32 [N][C][H][W].</summary>
    public required long InputOffset { get; init; }

    /// <summary>Channels between the shape's and PixelStride are left as they are.</summary>
    public required Placement Output { get; init; }

    /// <summary><see cref="ElementType.Float32"/> or <see cref="ElementType.UInt8"/> (quantised).</summary>
    public required ElementType OutputType { get; init; }

    /// <summary>u8 only.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>u8 only.</summary>
    public byte ZeroPoint { get; init; }

    /// <exception cref="EdgeException">Exit 3: the scale is not finite and positive.</exception>
    /// <exception cref="ArgumentException">The plan is wrong.</exception>
    public void Check()
    {
        Output.Check("output", Shape, OutputType.KernelSize());
        ScaleChecks.Check(Scale);
        if (InputOffset < 0 || InputOffset % 4 != 0)
            throw new ArgumentException($"the input lies at {InputOffset}");
    }
}
