namespace ResNetEdge.Device.Cameras;

/// <summary>Where the chroma planes of a frame are, if not directly behind the first plane: decoders pad and align each plane.</summary>
/// <param name="First">First byte of the first chroma plane, counted from the frame's first byte.</param>
/// <param name="Second">First byte of the second one; nothing where there is only one.</param>
/// <param name="Stride">Bytes from row to row of both; 0: as V4L2 lays them, and the other two mean nothing.</param>
internal readonly record struct ChromaPlacement(int First, int Second, int Stride)
{
    /// <summary>Whether the planes are where V4L2 lays them.</summary>
    public bool IsImplied => Stride == 0;
}
