namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>One operator of a TensorFlow Lite model.</summary>
/// <param name="Index">Its place, for messages.</param>
/// <param name="Type">Its name as in the schema, e.g. <c>CONV_2D</c>.</param>
/// <param name="Inputs">Tensor numbers; −1 is an optional input left out.</param>
/// <param name="Outputs">Tensor numbers.</param>
/// <param name="Options">Its attributes, or null when it has none.</param>
internal sealed record TfliteOperator(int Index, string Type, int[] Inputs, int[] Outputs, FlatTable? Options)
{
    /// <summary>Attributes of a custom operator, in a form of its own.</summary>
    public ReadOnlyMemory<byte> CustomOptions { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"operator {Index} ({Type})";
}
