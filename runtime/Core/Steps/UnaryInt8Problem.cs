namespace ResNetEdge.Steps;

/// <summary>A function of every u8 element, whatever it is: y = Table[x]. Input and output may be the same buffer.</summary>
internal sealed record UnaryInt8Problem : StepProblem
{
    /// <summary>Entries of a table.</summary>
    public const int Entries = 256;

    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    /// <summary>[256]; entry q is quantize(f(dequantize(q))), computed as the model says it.</summary>
    public required ReadOnlyMemory<byte> Table { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, 1);
        Output.Check("output", Shape, 1);
        if (Table.Length != Entries)
            throw new ArgumentException($"a table of {Table.Length} entries for 256 bytes");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}
