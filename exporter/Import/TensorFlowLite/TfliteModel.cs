namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>A TensorFlow Lite model as its file has it: one subgraph, checked to hang together.</summary>
/// <param name="Path">First word of messages.</param>
/// <param name="Name">The file's; every converter calls the subgraph "main".</param>
/// <param name="Tensors">By number.</param>
/// <param name="Operators">In the order of execution.</param>
/// <param name="Inputs">Tensor numbers.</param>
/// <param name="Outputs">Tensor numbers.</param>
internal sealed record TfliteModel(
    string Path, string Name, IReadOnlyList<TfliteTensor> Tensors, IReadOnlyList<TfliteOperator> Operators, IReadOnlyList<int> Inputs,
    IReadOnlyList<int> Outputs)
{
    /// <summary>Exit 3 with the file's path in front.</summary>
    public EdgeException Fail(object what, string reason) => EdgeException.BadInput($"{Path}: {what} {reason}");
}
