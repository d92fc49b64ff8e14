namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>One kind of layer that is read.</summary>
/// <param name="ClassName">Its class in Keras.</param>
/// <param name="Convert">Adds its nodes for one call and gives the result.</param>
internal sealed record KerasLayerEntry(string ClassName, Func<KerasCall, ChannelsLastValue> Convert);
