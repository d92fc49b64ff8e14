namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>One operator that is read.</summary>
/// <param name="Type">Its name in the schema.</param>
/// <param name="Convert">Adds its nodes and stores its output.</param>
internal sealed record TfliteOperatorEntry(string Type, Action<TfliteConverter, TfliteOperator> Convert);
