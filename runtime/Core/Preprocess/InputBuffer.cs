using ResNetEdge.Model;

namespace ResNetEdge.Preprocess;

/// <summary>
/// Memory of an engine that a picture is written into: float32, quantised u8 or s8, any layout. Element (c, y, x) lies at
/// <c>Data + c·ChannelStride + y·RowStride + x·PixelStride</c>.
/// </summary>
internal readonly unsafe struct InputBuffer
{
    /// <summary>Address of element (0, 0, 0).</summary>
    public required byte* Data { get; init; }

    /// <summary>
    /// <see cref="ElementType.Float32"/> (normalised values), <see cref="ElementType.UInt8"/> (quantised as Steps say) or
    /// <see cref="ElementType.Int8"/> (that less 128).
    /// </summary>
    public required ElementType Type { get; init; }

    public required int Channels { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>Bytes from one channel to the next.</summary>
    public required long ChannelStride { get; init; }

    /// <summary>Bytes from one row to the next.</summary>
    public required long RowStride { get; init; }

    /// <summary>Bytes from one pixel to its right neighbour.</summary>
    public required long PixelStride { get; init; }

    /// <summary>How values become bytes; null for float32.</summary>
    public ChannelSteps? Steps { get; init; }
}
