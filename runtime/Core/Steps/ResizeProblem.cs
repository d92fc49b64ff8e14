using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// ONNX Resize of pictures, rows and columns apart: y = Σ over row taps, then column taps, of (row weight · column weight) · x, added up in
/// that order. With one tap each, both of weight 1, elements are copied; those of u8 only so.
/// </summary>
internal sealed record ResizeProblem : StepProblem
{
    public required NhwcShape Input { get; init; }

    public required NhwcShape Output { get; init; }

    /// <summary>Float32 or u8.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>One element of the input for each of the output.</summary>
    public bool IsNearest => Rows.IsNearest && Columns.IsNearest;

    /// <summary>For each row of the output.</summary>
    public required ResizeTaps Rows { get; init; }

    /// <summary>For each column of the output.</summary>
    public required ResizeTaps Columns { get; init; }

    public required Placement From { get; init; }

    public required Placement To { get; init; }

    public override void Check()
    {
        if ((Input.Batch, Input.Channels) != (Output.Batch, Output.Channels))
            throw new ArgumentException($"{Input} and {Output} differ in batch or channels");
        Rows.Check("rows", Input.Height, Output.Height);
        Columns.Check("columns", Input.Width, Output.Width);
        if (Type != ElementType.Float32 && !IsNearest) throw new ArgumentException($"an interpolation of {Type}");
        From.Check("input", Input, Type.KernelSize());
        To.Check("output", Output, Type.KernelSize());
    }

    protected override StepProblem Move(StepPlaces places) => this with { From = From.Moved(places.Reads[0]), To = To.Moved(places.Writes[0]) };
}
