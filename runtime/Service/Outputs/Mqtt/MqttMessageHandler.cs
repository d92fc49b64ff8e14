namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>A message came from a topic that was subscribed to; on the connection's reading thread.</summary>
/// <param name="topic">UTF-8.</param>
/// <param name="payload">The message.</param>
/// <param name="isRetained">It was kept by the broker from before the subscription.</param>
internal delegate void MqttMessageHandler(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool isRetained);
