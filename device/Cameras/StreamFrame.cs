namespace ResNetEdge.Device.Cameras;

/// <summary>A frame read from a stream, in memory that the next one uses again.</summary>
internal sealed class StreamFrame : IDisposable
{
    /// <summary>The frame's data as it came over the stream.</summary>
    public FrameBuffer Bytes { get; } = new();

    /// <summary>How many there are.</summary>
    public int Length { get; set; }

    /// <summary>How they are to be read.</summary>
    public FourCc Format { get; set; }

    /// <summary>In pixels; 0 for JPEG, which says it itself.</summary>
    public int Width { get; set; }

    /// <summary>In pixels; 0 for JPEG.</summary>
    public int Height { get; set; }

    /// <summary>Bytes from row to row of the first plane; 0 for JPEG.</summary>
    public int Stride { get; set; }

    /// <summary>What Y, U and V mean.</summary>
    public YuvColor Color { get; set; }

    /// <summary>Number in the stream.</summary>
    public uint Sequence { get; set; }

    /// <summary>When its last byte came, monotonic.</summary>
    public TimeSpan Time { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Bytes.Dispose();
}
