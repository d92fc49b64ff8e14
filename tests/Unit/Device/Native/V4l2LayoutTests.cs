using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Tests.Unit.Device.Native;

/// <summary>Sizes and offsets as a C compiler gives them for 64-bit Linux, x64 and arm64 alike; the request numbers hold the sizes too.</summary>
public class V4l2LayoutTests
{
    [Theory]
    [InlineData(typeof(V4l2Capability), 104, V4l2.QueryCapability)]
    [InlineData(typeof(V4l2FormatDescription), 64, V4l2.EnumFormats)]
    [InlineData(typeof(V4l2FrameSize), 44, V4l2.EnumFrameSizes)]
    [InlineData(typeof(V4l2FrameInterval), 52, V4l2.EnumFrameIntervals)]
    [InlineData(typeof(V4l2Format), 208, V4l2.GetFormat)]
    [InlineData(typeof(V4l2Format), 208, V4l2.SetFormat)]
    [InlineData(typeof(V4l2StreamParameters), 204, V4l2.GetParameters)]
    [InlineData(typeof(V4l2StreamParameters), 204, V4l2.SetParameters)]
    [InlineData(typeof(V4l2BufferRequest), 20, V4l2.RequestBuffers)]
    [InlineData(typeof(V4l2Buffer), 88, V4l2.QueryBuffer)]
    [InlineData(typeof(V4l2Buffer), 88, V4l2.Queue)]
    [InlineData(typeof(V4l2Buffer), 88, V4l2.Dequeue)]
    [InlineData(typeof(int), 4, V4l2.StreamOn)]
    [InlineData(typeof(int), 4, V4l2.StreamOff)]
    public void Structs_are_as_large_as_their_requests_say(Type type, int bytes, uint request)
    {
        Assert.Equal(bytes, Marshal.SizeOf(type));
        Assert.Equal((uint)bytes, (request >> 16) & 0x3FFF);
        Assert.Equal((uint)'V', (request >> 8) & 0xFF);
    }

    [Fact]
    public void Fields_lie_where_the_kernel_has_them()
    {
        Assert.Equal(104, Unsafe.SizeOf<V4l2Capability>());
        Assert.Equal(16, (int)Marshal.OffsetOf<V4l2Capability>(nameof(V4l2Capability.Card)));
        Assert.Equal(48, (int)Marshal.OffsetOf<V4l2Capability>(nameof(V4l2Capability.Bus)));
        Assert.Equal(84, (int)Marshal.OffsetOf<V4l2Capability>(nameof(V4l2Capability.Capabilities)));
        Assert.Equal(88, (int)Marshal.OffsetOf<V4l2Capability>(nameof(V4l2Capability.DeviceCapabilities)));
        Assert.Equal(8, (int)Marshal.OffsetOf<V4l2Format>(nameof(V4l2Format.Width)));
        Assert.Equal(28, (int)Marshal.OffsetOf<V4l2Format>(nameof(V4l2Format.SizeImage)));
        Assert.Equal(48, (int)Marshal.OffsetOf<V4l2Format>(nameof(V4l2Format.Quantization)));
        Assert.Equal(24, (int)Marshal.OffsetOf<V4l2Buffer>(nameof(V4l2Buffer.Seconds)));
        Assert.Equal(56, (int)Marshal.OffsetOf<V4l2Buffer>(nameof(V4l2Buffer.Sequence)));
        Assert.Equal(64, (int)Marshal.OffsetOf<V4l2Buffer>(nameof(V4l2Buffer.Offset)));
        Assert.Equal(72, (int)Marshal.OffsetOf<V4l2Buffer>(nameof(V4l2Buffer.Length)));
        Assert.Equal(12, (int)Marshal.OffsetOf<V4l2FrameSize>(nameof(V4l2FrameSize.LeastWidth)));
        Assert.Equal(20, (int)Marshal.OffsetOf<V4l2FrameInterval>(nameof(V4l2FrameInterval.Numerator)));
        Assert.Equal(8, Marshal.SizeOf<Libc.PollDescriptor>());
    }

    [Theory]
    [InlineData("vivid\0rest", "vivid")]
    [InlineData("UVC Camera (046d:0825)", "UVC Camera (046d:0825)")]
    [InlineData("a\nb\u0007", "a.b.")]
    [InlineData("", "")]
    public void Words_of_a_driver_are_bounded_and_printable(string text, string words)
        => Assert.Equal(words, V4l2Capability.Words(System.Text.Encoding.UTF8.GetBytes(text)));
}
