using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>A tensor of a TensorFlow Lite model: an activation, or a constant when it has bytes. Pictures are N H W C.</summary>
/// <param name="Index">Its number, for messages.</param>
/// <param name="Name">From the file; may be empty and need not be unique.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions; an open batch is 1.</param>
/// <param name="Quantization">Null when its elements are the numbers themselves.</param>
/// <param name="Constant">Its elements, or null for an activation.</param>
internal sealed record TfliteTensor(int Index, string Name, ElementType Type, Shape Shape, TfliteQuantization? Quantization, Tensor? Constant)
{
    /// <summary>Whether the interpreter keeps it from run to run; it begins at zeros.</summary>
    public bool IsVariable { get; init; }

    /// <summary>Whether it is 8-bit integers that stand for numbers.</summary>
    public bool IsQuantized => Quantization is not null && Type is ElementType.UInt8 or ElementType.Int8;

    /// <summary>A name for the layer that makes it: the first of those that TensorFlow's converter joined with semicolons.</summary>
    public string LayerName => Name.Split(';')[0] is { Length: > 0 } name ? name : $"tensor_{Index}";

    /// <inheritdoc/>
    public override string ToString() => $"tensor {Index} ({Checkpoints.FileText.Quote(Name)})";
}
