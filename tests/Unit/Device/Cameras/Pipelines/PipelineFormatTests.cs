using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>Placements of planes as decoders claim them, true and hostile.</summary>
public sealed unsafe class PipelineFormatTests
{
    private const int Width = 16, Height = 6;

    [Theory]
    [InlineData("I420", 0, 16, 96, 8, 120, 8, 144, null)] // no gaps
    [InlineData("I420", 32, 64, 512, 32, 704, 32, 792, null)] // the last row need not be whole
    [InlineData("I420", 32, 64, 512, 32, 704, 32, 775, "the planes of 16x6 pixels of YU12 exceed")]
    [InlineData("I420", 0, 16, 96, 8, 120, 4, 144, "different strides 8 and 4")]
    [InlineData("I420", 0, 15, 96, 8, 120, 8, 144, "a stride of 15 bytes")]
    [InlineData("I420", 0, 16, 96, 7, 120, 7, 144, "a chroma stride of 7 bytes")]
    [InlineData("I420", 0, 16, 96, 0, 120, 0, 144, "a stride of 0")]
    [InlineData("I420", 0, -16, 96, 8, 120, 8, 144, "a stride of -16 bytes")]
    [InlineData("I420", 0, 16, 96, -8, 120, -8, 144, "a chroma stride of -8 bytes")]
    [InlineData("I420", 100, 16, 96, 8, 120, 8, 400, "plane 1 at byte 96 of 400, where the first is at 100")]
    [InlineData("I420", 0, 16, 96, 8, long.MaxValue, 8, 144, "plane 2 at byte 9223372036854775807")]
    [InlineData("I420", 0, 16, 96, 8, -1, 8, 144, "plane 2 at byte 18446744073709551615")]
    [InlineData("I420", 0, 16, 96, 8, 120, 8, 1L << 40, "1099511627776 bytes; at most")]
    [InlineData("I420", 0, int.MaxValue, 96, 8, 120, 8, 144, "a stride of 2147483647 bytes")]
    [InlineData("NV12", 0, 16, 96, 16, 0, 0, 144, null)]
    [InlineData("NV12", 0, 16, 96, 15, 0, 0, 144, "a chroma stride of 15 bytes")]
    [InlineData("NV12", 8, 16, 120, 24, 0, 0, 184, null)]
    [InlineData("NV12", 8, 16, 120, 24, 0, 0, 183, "exceed the frame's 175 bytes")]
    [InlineData("RGB", 0, 48, 0, 0, 0, 0, 288, null)]
    [InlineData("RGB", 0, 48, 0, 0, 0, 0, 287, "287 bytes where 16x6 pixels of RGB3 need 288")]
    [InlineData("image/jpeg", 0, 0, 0, 0, 0, 0, 5, null)]
    [InlineData("image/jpeg", 0, 0, 0, 0, 0, 0, 0, "0 bytes are out of range")]
    public void Planes_must_lie_inside_the_memory(
        string name, long first, int stride, long second, int secondStride, long third, int thirdStride, long length, string? fault)
    {
        var planes = default(PlanePlacement);
        (planes.Offset[0], planes.Offset[1], planes.Offset[2]) = ((ulong)first, (ulong)second, (ulong)third);
        (planes.Stride[0], planes.Stride[1], planes.Stride[2]) = (stride, secondStride, thirdStride);
        Assert.True(PipelineFormat.TryMake(new PipelineCaps(name, Width, Height, 0, default, planes), out var format, out _));
        byte memory = 0; // never read
        foreach (bool saysSoItself in new[] { false, true })
        {
            var sample = new PipelineSample { Data = &memory, Length = (ulong)length, HasPlanes = saysSoItself };
            if (saysSoItself) sample.Planes = planes;
            string? found = format.Fault(sample, out var place);
            if (fault is null) Assert.Null(found);
            else Assert.Contains(fault, found, StringComparison.Ordinal);
            if (fault is null && name is "I420")
                Assert.Equal(new ChromaPlacement((int)(second - first), (int)(third - first), secondStride), place.Chroma);
        }
    }

    [Fact]
    public void Every_format_that_is_read_and_that_GStreamer_has_is_asked_for_cheapest_first()
    {
        Assert.Equal(
            "video/x-raw,format=(string){RGB,BGR,YUY2,UYVY,NV12,NV21,I420,YV12,Y42B,GRAY8},width=(int)[1,16384],height=(int)[1,16384];"
                + "image/jpeg,width=(int)[1,16384],height=(int)[1,16384]",
            RawFormats.Accepted(new CameraRequest("csi://0")));
        Assert.StartsWith("video/x-raw,format=(string)YUY2,", RawFormats.Accepted(new CameraRequest("csi://0") { Format = FourCc.Yuyv }),
            StringComparison.Ordinal);
        var refusal = Assert.Throws<EdgeException>(() => RawFormats.Accepted(new CameraRequest("csi://0") { Format = FourCc.Of("BA81") }));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.StartsWith("csi://0: frames of format BA81 are not supported; use one of RGB3, ", refusal.Message, StringComparison.Ordinal);
    }
}
