using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// Channels in another order, some of them, or spread over blocks of h × w pixels: y(n, h·y + i, w·x + j, c) = x(n, y, x, Map[i·w + j][c]). With
/// blocks of one pixel a slice of the channels or a channel shuffle, with larger ones a DepthToSpace. What the last blocks have beyond the output is
/// dropped.
/// </summary>
internal sealed record ChannelMapProblem : StepProblem
{
    public required NhwcShape Input { get; init; }

    /// <summary>The input's pictures; height and width at most those of all blocks together.</summary>
    public required NhwcShape Output { get; init; }

    /// <summary>Rows of the output for each of the input.</summary>
    public int BlockHeight { get; init; } = 1;

    /// <summary>Columns of the output for each of the input.</summary>
    public int BlockWidth { get; init; } = 1;

    /// <summary>[BlockHeight · BlockWidth][channels of the output]: channels of the input.</summary>
    public required int[] Map { get; init; }

    /// <summary><see cref="ElementType.UInt8"/>, <see cref="ElementType.Float16"/> or <see cref="ElementType.Float32"/>.</summary>
    public required ElementType Type { get; init; }

    public required Placement From { get; init; }

    public required Placement To { get; init; }

    public override void Check()
    {
        if (BlockHeight < 1 || BlockWidth < 1 || Output.Batch != Input.Batch
            || Output.Height > (long)Input.Height * BlockHeight || Output.Width > (long)Input.Width * BlockWidth)
            throw new ArgumentException($"blocks of {BlockHeight}x{BlockWidth} for each pixel of {Input} do not cover {Output}");
        if (Map.Length != (long)BlockHeight * BlockWidth * Output.Channels || Map.Any(c => c < 0 || c >= Input.Channels))
            throw new ArgumentException($"the map of channels does not fit {Input.Channels} of the input and {Output.Channels} of the output");
        From.Check("input", Input, Type.KernelSize());
        To.Check("output", Output, Type.KernelSize());
    }

    protected override StepProblem Move(StepPlaces places) => this with { From = From.Moved(places.Reads[0]), To = To.Moved(places.Writes[0]) };
}
