using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// The parameter-free shortcut of He et al. (arXiv:1512.03385, option A): every stride-th row and column, the channels moved up by
/// <see cref="PadFront"/>, the new channels filled with zero (u8: the zero point).
/// </summary>
internal sealed record SubsamplePadProblem : StepProblem
{
    /// <summary>Sizes of the input.</summary>
    public required NhwcShape Input { get; init; }

    public required int StrideHeight { get; init; }

    public required int StrideWidth { get; init; }

    /// <summary>New channels before the input's.</summary>
    public required int PadFront { get; init; }

    public required int OutputChannels { get; init; }

    /// <summary><see cref="ElementType.UInt8"/>, <see cref="ElementType.Float16"/> or <see cref="ElementType.Float32"/>.</summary>
    public required ElementType Type { get; init; }

    /// <summary>u8: what new channels hold.</summary>
    public byte ZeroPoint { get; init; }

    public required Placement From { get; init; }

    public required Placement To { get; init; }

    /// <summary>Sizes of the output.</summary>
    public NhwcShape Output => new(Input.Batch, (Input.Height - 1) / StrideHeight + 1, (Input.Width - 1) / StrideWidth + 1, OutputChannels);

    public override void Check()
    {
        if (StrideHeight < 1 || StrideWidth < 1 || PadFront < 0 || (long)PadFront + Input.Channels > OutputChannels)
            throw new ArgumentException($"{Input.Channels} channels moved by {PadFront} do not fit into {OutputChannels}");
        From.Check("input", Input, Type.KernelSize());
        To.Check("output", Output, Type.KernelSize());
    }

    protected override StepProblem Move(StepPlaces places) => this with { From = From.Moved(places.Reads[0]), To = To.Moved(places.Writes[0]) };
}
