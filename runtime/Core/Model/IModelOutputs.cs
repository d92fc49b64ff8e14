namespace ResNetEdge.Model;

/// <summary>Outputs of a network that has run.</summary>
internal interface IModelOutputs
{
    /// <summary>The outputs, as the file declares them.</summary>
    IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Copies a whole output, row-major in the model's own shape, converting layout and dequantising as needed.</summary>
    /// <exception cref="ArgumentException">The element type or count does not fit.</exception>
    void GetOutput<T>(int index, Span<T> values) where T : unmanaged;
}
