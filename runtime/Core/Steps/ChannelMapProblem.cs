using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// Channels in another order, some of them, or spread over a block of pixels: y(n, by + i, bx + j, c) = x(n, y, x, Map[i·b + j][c]). With a block
/// of one pixel a slice of the channels or a channel shuffle, with a larger one a DepthToSpace.
/// </summary>
internal sealed record ChannelMapProblem : StepProblem
{
    public required NhwcShape Input { get; init; }

    /// <summary>Pixels of the output for each of the input, each way.</summary>
    public int Block { get; init; } = 1;

    public required int OutputChannels { get; init; }

    /// <summary>[Block · Block][OutputChannels]: channels of the input.</summary>
    public required int[] Map { get; init; }

    /// <summary><see cref="ElementType.UInt8"/> or <see cref="ElementType.Float32"/>.</summary>
    public required ElementType Type { get; init; }

    public required Placement From { get; init; }

    public required Placement To { get; init; }

    /// <summary>Sizes of the output.</summary>
    public NhwcShape Output => new(Input.Batch, Input.Height * Block, Input.Width * Block, OutputChannels);

    public override void Check()
    {
        if (Block < 1 || Map.Length != (long)Block * Block * OutputChannels || Map.Any(c => c < 0 || c >= Input.Channels))
            throw new ArgumentException($"the map of channels does not fit {Input.Channels} of the input and {OutputChannels} of the output");
        From.Check("input", Input, Type.KernelSize());
        To.Check("output", Output, Type.KernelSize());
    }

    protected override StepProblem Move(StepPlaces places) => this with { From = From.Moved(places.Reads[0]), To = To.Moved(places.Writes[0]) };
}
