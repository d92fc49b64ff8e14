namespace ResNetEdge.Steps;

/// <summary>
/// Geometry of a convolution over pictures, or over stacks of pictures where the depth is more than 1, as ONNX's <c>Conv</c> defines it. The pictures of
/// a stack follow each other in memory, so that it looks like one high picture. A fully connected layer is one with a 1×1 input.
/// </summary>
internal sealed record ConvShape
{
    public int Batch { get; init; } = 1;

    /// <summary>Pictures of a stack.</summary>
    public int InputDepth { get; init; } = 1;

    public required int InputHeight { get; init; }

    public required int InputWidth { get; init; }

    /// <summary>Input channels of all groups together.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Output channels of all groups together.</summary>
    public required int OutputChannels { get; init; }

    public int KernelDepth { get; init; } = 1;

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideDepth { get; init; } = 1;

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationDepth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    /// <summary>Padding before the first picture of a stack.</summary>
    public int PadFront { get; init; }

    /// <summary>Padding behind its last.</summary>
    public int PadBack { get; init; }

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int PadBottom { get; init; }

    public int PadRight { get; init; }

    public int Groups { get; init; } = 1;

    public int OutputDepth => (InputDepth + PadFront + PadBack - (KernelDepth - 1) * DilationDepth - 1) / StrideDepth + 1;

    public int OutputHeight => (InputHeight + PadTop + PadBottom - (KernelHeight - 1) * DilationHeight - 1) / StrideHeight + 1;

    public int OutputWidth => (InputWidth + PadLeft + PadRight - (KernelWidth - 1) * DilationWidth - 1) / StrideWidth + 1;

    /// <summary>Rows of the output, of all pictures together.</summary>
    public int OutputLines => Batch * OutputDepth * OutputHeight;

    public int Pixels => OutputLines * OutputWidth;

    /// <summary>Filter rows of all depths.</summary>
    public int KernelLines => KernelDepth * KernelHeight;

    public int Taps => KernelLines * KernelWidth;

    /// <summary>Input channels that one output channel sees.</summary>
    public int GroupInputChannels => InputChannels / Groups;

    public int GroupOutputChannels => OutputChannels / Groups;

    /// <summary>Products that one output element sums.</summary>
    public int Depth => Taps * GroupInputChannels;

    public long Macs => (long)Pixels * OutputChannels * Depth;

    public override string ToString() =>
        (InputDepth > 1 ? $"{InputDepth}x" : "") + $"{InputHeight}x{InputWidth} {InputChannels}->{OutputChannels} "
            + (KernelDepth > 1 ? $"{KernelDepth}x" : "") + $"{KernelHeight}x{KernelWidth}/{StrideHeight}"
            + (Groups > 1 ? $" g{Groups}" : "");
}
