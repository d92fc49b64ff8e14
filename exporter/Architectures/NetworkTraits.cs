namespace ResNetEdge.Exporter.Architectures;

/// <summary>What a recovered network has of the things that <see cref="NetworkForm"/> is about.</summary>
/// <param name="HasStridedBottleneck">Whether a bottleneck strides, so that it matters where.</param>
/// <param name="HasStemPool">Whether max pooling follows the stem.</param>
/// <param name="OutputStride">Pixels of the input to one of the last feature map.</param>
/// <param name="Dilates">Whether a stage dilates instead of striding.</param>
internal sealed record NetworkTraits(bool HasStridedBottleneck, bool HasStemPool, int OutputStride, bool Dilates);
