using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

/// <summary>An engine's input in a test's memory, with guard bytes before and after.</summary>
internal sealed unsafe class PreparedInput : IDisposable
{
    private const int Guard = 64;
    private const byte GuardByte = 0xA5;

    private readonly NativeBuffer _memory = new();
    private readonly int _bytes;

    /// <param name="spec">Gives the size.</param>
    /// <param name="type">Float32 or UInt8.</param>
    /// <param name="isNhwc">Channels last.</param>
    /// <param name="pixelPadding">Channels last: unused channels behind each pixel.</param>
    /// <param name="scale">UInt8 only.</param>
    /// <param name="zeroPoint">UInt8 only.</param>
    public PreparedInput(PreprocessSpec spec, ElementType type, bool isNhwc, int pixelPadding = 0, float scale = 0, byte zeroPoint = 0)
    {
        int element = type.Size();
        int channels = spec.Channels + (isNhwc ? pixelPadding : 0);
        _bytes = channels * spec.Height * spec.Width * element;
        byte* start = _memory.Reserve(_bytes + (2 * Guard));
        new Span<byte>(start, _bytes + (2 * Guard)).Fill(GuardByte);
        long pixel = isNhwc ? channels * element : element;
        Buffer = new InputBuffer
        {
            Data = start + Guard,
            Type = type,
            Channels = spec.Channels,
            Height = spec.Height,
            Width = spec.Width,
            ChannelStride = isNhwc ? element : (long)element * spec.Height * spec.Width,
            RowStride = pixel * spec.Width,
            PixelStride = pixel,
            Steps = type == ElementType.UInt8 ? new ChannelSteps(spec.Channels, scale, zeroPoint) : null,
        };
    }

    public InputBuffer Buffer { get; }

    /// <summary>The values in the order channel, row, column, whatever the layout.</summary>
    public T[] Values<T>() where T : unmanaged
    {
        Assert.True(
            _memory.Data != null && new ReadOnlySpan<byte>(_memory.Data, Guard).ContainsAnyExcept(GuardByte) == false, "written before the input");
        Assert.False(new ReadOnlySpan<byte>(_memory.Data + Guard + _bytes, Guard).ContainsAnyExcept(GuardByte), "written behind the input");
        T[] values = new T[Buffer.Channels * Buffer.Height * Buffer.Width];
        for (int i = 0; i < values.Length; i++)
        {
            (int c, int y, int x) = (i / Buffer.Width / Buffer.Height, i / Buffer.Width % Buffer.Height, i % Buffer.Width);
            values[i] = *(T*)(Buffer.Data + (c * Buffer.ChannelStride) + (y * Buffer.RowStride) + (x * Buffer.PixelStride));
        }

        return values;
    }

    public void Dispose() => _memory.Dispose();
}
