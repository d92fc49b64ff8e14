namespace ResNetEdge.Model;

/// <summary>Name, element type and shape of a value: a model input, a model output or anything between.</summary>
/// <param name="Name">The value's name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions; images are N C H W, as in ONNX.</param>
public sealed record TensorInfo(string Name, ElementType Type, Shape Shape);
