using ResNetEdge.Device.Cameras.Pipelines;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>Which decoder is taken, on boards that are not here.</summary>
public sealed class VideoCodecTests
{
    [Theory]
    [InlineData("H264", "avdec_h264 max-threads=1", "avdec_h264", "openh264dec")]
    [InlineData("H264", "v4l2h264dec", "avdec_h264", "v4l2h264dec", "h264parse")] // Raspberry Pi 4
    [InlineData("H265", "v4l2slh265dec", "avdec_h265", "v4l2slh265dec", "v4l2h265dec")] // Raspberry Pi 5
    [InlineData("H265", "nvv4l2decoder ! nvvidconv ! video/x-raw,format=(string)NV12", "nvv4l2decoder", "avdec_h265")] // Jetson
    public void The_boards_hardware_comes_before_the_processor(string codec, string description, params string[] installed) =>
        Assert.Equal(description, VideoCodecs.Of(codec)!.Choose(installed.Contains, null, out _)!.Description);

    [Theory]
    [InlineData("H264", "for which no decoder is installed here: apt-get install gstreamer1.0-libav (brings avdec_h264)")]
    [InlineData("H265", "for which no decoder is installed here: apt-get install gstreamer1.0-libav (brings avdec_h265)")]
    public void Without_a_decoder_the_package_of_one_is_named(string codec, string words)
    {
        Assert.Null(VideoCodecs.Of(codec)!.Choose(_ => false, null, out string? obstacle));
        Assert.Equal(words, obstacle);
    }

    [Fact]
    public void A_decoder_that_was_asked_for_is_taken_or_missed_and_never_replaced()
    {
        var codec = VideoCodecs.Of("H264")!;
        Assert.Equal("avdec_h264 max-threads=1", codec.Choose(_ => true, "avdec_h264", out _)!.Description);
        Assert.Equal("mydec", codec.Choose(_ => true, "mydec", out _)!.Description);
        Assert.Null(codec.Choose(static e => e != "openh264dec", "openh264dec", out string? obstacle));
        Assert.Equal("and the decoder 'openh264dec' is not installed here: apt-get install gstreamer1.0-plugins-bad", obstacle);
    }

    [Fact]
    public void Every_element_that_a_camera_is_made_of_has_its_package()
    {
        Assert.All(VideoCodecs.All.SelectMany(static c => c.Elements.Concat(c.Decoders.Select(static d => d.Element))),
            static element => Assert.NotNull(ElementPackages.Of(element)));
        Assert.Equal(
            "camera 'x' needs GStreamer's element 'rtspsrc', which is not installed here: apt-get install gstreamer1.0-plugins-good",
            ElementPackages.Missing("camera 'x'", "rtspsrc"));
        Assert.Equal("camera 'x' needs GStreamer's element 'foo', which is not installed here", ElementPackages.Missing("camera 'x'", "foo"));
    }
}
