using ResNetEdge.Device;

namespace ResNetEdge.Tests.Unit.Device;

/// <summary>Passwords here are <c>hunter2</c>.</summary>
public sealed class PipelineTextTests
{
    [Theory]
    [InlineData("pipeline: v4l2src device=/dev/video0 ! jpegdec", "pipeline: v4l2src ! jpegdec")]
    [InlineData("pipeline:rtspsrc location=rtsp://me:hunter2@cam/ user-pw=hunter2 ! video/x-raw,width=640 ! x",
        "pipeline: rtspsrc ! video/x-raw ! x")]
    [InlineData("pipeline: rtspsrc user-pw=\"hunter2 ! hunter2\" ! x", "pipeline: rtspsrc ! x")]
    [InlineData("pipeline: rtspsrc user-pw='hunter2", "pipeline: rtspsrc")]
    [InlineData("pipeline: hunter=hunter2", "pipeline: hunter")]
    [InlineData("pipeline:", "pipeline:")]
    [InlineData("pipeline: ! !", "pipeline:  !  !")]
    public void A_pipeline_is_shown_as_its_elements_without_properties(string whole, string shown)
    {
        Assert.Equal(shown, $"{new SafeAddress(whole)}");
        Assert.DoesNotContain("hunter2", $"{new SafeAddress(whole)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipeline: rtspsrc user-pw=hunter2 ! x", "could not set \"user-pw\" to \"hunter2\"", "could not set \"user-pw\" to \"***\"")]
    [InlineData("pipeline: rtspsrc user-pw=\"hunter2 a\" ! x", "'hunter2 a' is wrong", "'***' is wrong")]
    [InlineData("pipeline: rtspsrc location=rtsp://me:hunter2@cam/x ! x", "rtsp://me:hunter2@cam/x/track1 failed", "***/track1 failed")]
    [InlineData("pipeline: a width=1280 ! x", "1280 is wrong", "1280 is wrong")]
    public void What_others_say_of_it_has_no_secret_of_it(string whole, string sentence, string shown) =>
        Assert.Equal(shown, new SafeAddress(whole).HideIn(sentence));

    [Fact]
    public void A_file_keeps_its_path() => Assert.Equal("file:/a@b?c=d.mp4", $"{new SafeAddress("file:/a@b?c=d.mp4")}");
}
