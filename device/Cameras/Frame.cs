namespace ResNetEdge.Device.Cameras;

/// <summary>One picture as a camera gave it. Its bytes belong to the camera and are there until <see cref="ICamera.Release"/>.</summary>
internal readonly unsafe struct Frame
{
    /// <summary>First byte; nothing after the last may be read.</summary>
    public required byte* Data { get; init; }

    /// <summary>Bytes of the picture; for coded formats an upper bound, bytes may trail.</summary>
    public required int Length { get; init; }

    /// <summary>How the bytes are to be read.</summary>
    public required FourCc Format { get; init; }

    /// <summary>In pixels; 0 where only the coded picture says it.</summary>
    public required int Width { get; init; }

    /// <summary>In pixels; 0 where only the coded picture says it.</summary>
    public required int Height { get; init; }

    /// <summary>Bytes from one row to the next, of the first plane; 0 for coded formats.</summary>
    public required int Stride { get; init; }

    /// <summary>Where its chroma planes are; the default: behind the first plane, as V4L2 lays them.</summary>
    public ChromaPlacement Chroma { get; init; }

    /// <summary>What its Y, U and V mean; nothing for other formats.</summary>
    public YuvColor Color { get; init; }

    /// <summary>Counts the camera's own frames; gaps are frames that were lost before they reached us.</summary>
    public required uint Sequence { get; init; }

    /// <summary>When it was taken, on the monotonic clock (CLOCK_MONOTONIC), which no change of date moves.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>For people: the file's name, or the device's.</summary>
    public required string Name { get; init; }

    /// <summary>The camera's own mark on the buffer; only the camera reads it.</summary>
    public int Buffer { get; init; }
}
