namespace ResNetEdge.Steps;

/// <summary>Geometry of a two-dimensional convolution, as ONNX's <c>Conv</c> defines it. A fully connected layer is one with a 1×1 input.</summary>
internal sealed record ConvShape
{
    public int Batch { get; init; } = 1;

    public required int InputHeight { get; init; }

    public required int InputWidth { get; init; }

    /// <summary>Input channels of all groups together.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Output channels of all groups together.</summary>
    public required int OutputChannels { get; init; }

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int PadBottom { get; init; }

    public int PadRight { get; init; }

    public int Groups { get; init; } = 1;

    public int OutputHeight => (InputHeight + PadTop + PadBottom - (KernelHeight - 1) * DilationHeight - 1) / StrideHeight + 1;

    public int OutputWidth => (InputWidth + PadLeft + PadRight - (KernelWidth - 1) * DilationWidth - 1) / StrideWidth + 1;

    public int Pixels => Batch * OutputHeight * OutputWidth;

    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Input channels that one output channel sees.</summary>
    public int GroupInputChannels => InputChannels / Groups;

    public int GroupOutputChannels => OutputChannels / Groups;

    /// <summary>Products that one output element sums.</summary>
    public int Depth => Taps * GroupInputChannels;

    public long Macs => (long)Pixels * OutputChannels * Depth;

    public override string ToString() =>
        $"{InputHeight}x{InputWidth} {InputChannels}->{OutputChannels} {KernelHeight}x{KernelWidth}/{StrideHeight}"
            + (Groups > 1 ? $" g{Groups}" : "");
}
