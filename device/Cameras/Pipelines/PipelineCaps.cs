namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>What a pipeline says of its frames; nothing of it is checked yet.</summary>
/// <param name="Format">As GStreamer names it, <c>NV12</c>; <see cref="RawFormats.Jpeg"/> for JPEG.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="FramesPerSecond">0: it does not say.</param>
/// <param name="Color">What Y, U and V mean.</param>
/// <param name="Planes">Where planes lie in frames that do not say so themselves.</param>
internal sealed record PipelineCaps(string Format, int Width, int Height, double FramesPerSecond, YuvColor Color, PlanePlacement Planes);
