using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>What is asked of boards that are not here.</summary>
public sealed class CsiCameraTests
{
    private static readonly CameraRequest Request = new("csi://0") { Width = 1280, Height = 720, FramesPerSecond = 29.97 };

    [Fact]
    public void On_a_Pi_the_image_processor_writes_ordinary_memory()
    {
        Assert.Equal("libcamerasrc name=source ! video/x-raw,width=(int)1280,height=(int)720,framerate=(fraction)29970/1000",
            CsiCamera.Describe("libcamerasrc", Request));
        Assert.Equal("libcamerasrc name=source ! video/x-raw", CsiCamera.Describe("libcamerasrc", new CameraRequest("csi://0")));
    }

    [Fact]
    public void On_a_Jetson_frames_are_copied_out_of_the_graphics_processors_memory() => Assert.Equal(
        "nvarguscamerasrc name=source ! video/x-raw(memory:NVMM),format=(string)NV12,width=(int)1280,height=(int)720,framerate=(fraction)29970/1000 "
            + "! nvvidconv ! video/x-raw,format=(string)NV12",
        CsiCamera.Describe("nvarguscamerasrc", Request));

    [Theory]
    [InlineData("csi://")]
    [InlineData("csi://16")]
    [InlineData("csi://-1")]
    [InlineData("csi://front")]
    public void A_module_has_a_number(string device)
    {
        var refusal = Assert.Throws<EdgeException>(() => NetworkCameras.Table.Check(new CameraRequest(device)));
        Assert.Equal((FailureKind.BadInput, $"'{device}' is not a camera module; number them from csi://0 to csi://15"),
            (refusal.Kind, refusal.Message));
    }
}
