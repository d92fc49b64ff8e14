using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Configuration;

/// <summary>The list 'cameras' of the configuration, and what goes with it.</summary>
public class CamerasTests
{
    private const string Two = "cameras:\n - {name: front, device: /dev/video0, threads: 3}\n"
        + " - {name: back yard, device: /dev/video1, width: 640, height: 480}\n";

    /// <summary>Configurations that are refused, and what is said of each, in the order of the lines.</summary>
    public static TheoryData<string, string[]> Wrong => new()
    {
        { "", ["f:1: 'camera' is missing: Where frames come from. For several cameras, give the list 'cameras' instead."] },
        { "camera: {device: /dev/video0}\n" + Two, ["f:4: 'cameras' cannot be combined with 'camera': name every camera in the list 'cameras'"] },
        { "cameras: []\n", ["f:2: 'cameras' has no camera: give at least one, or the section 'camera' instead"] },
        { "cameras:\n - {device: /dev/video0}\n", ["f:3: 'cameras[0].name' is missing: Name of the camera in events, topics, metrics and on the live "
            + "page: letters, digits, spaces, '-', '_' and '.', at most 40 characters."] },
        { "cameras:\n - {name: a/b, device: x}\n - {name: ' c', device: x}\n", [
            "f:3: 'cameras[0].name' must be at most 40 letters, digits, '-', '_', '.' and spaces, none of these at its ends, not 'a/b'",
            "f:4: 'cameras[1].name' must be at most 40 letters, digits, '-', '_', '.' and spaces, none of these at its ends, not ' c'"] },
        { "cameras:\n - {name: a, device: x}\n - {name: A, device: y}\n", ["f:4: camera 'A' occurs twice, first in line 3"] },
        { Two + "rules:\n - {name: r, label: x, threshold: 0.5, camera: frnt}\n",
            ["f:6: rule 'r' names the unknown camera 'frnt'; did you mean 'front'?"] },
        { "camera: {device: /dev/video0}\nrules:\n - {name: r, label: x, threshold: 0.5, camera: [front]}\n",
            ["f:4: rule 'r' names the unknown camera 'front'; only cameras of the list 'cameras' have names: leave 'camera' out of the rule"] },
        { Two + "triggers:\n - {name: t, type: schedule, every_s: 60, camera: [front, bak yard]}\n",
            ["f:6: trigger 't' names the unknown camera 'bak yard'; did you mean 'back yard'?"] },
        { "camera: {device: /dev/video0}\ntriggers:\n - {name: t, type: schedule, every_s: 60, camera: front}\n",
            ["f:4: trigger 't' names the unknown camera 'front'; only cameras of the list 'cameras' have names: leave 'camera' out of the trigger"] },
        { "camera: {device: /dev/video0, threads: 2}\n", ["f:2: unknown setting 'threads' in 'camera'; known settings: device, format, width, "
            + "height, frames_per_second, loop, user, password_file, transport, latency_ms, decoder, controls, stall_timeout_s, frozen_timeout_s, "
            + "longest_retry_s, region, mask, mask_fill"] },
    };

    [Fact]
    public void Cameras_have_names_and_threads_of_their_own()
    {
        var configuration = Read(Two + "rules:\n - {name: r, label: x, threshold: 0.5, camera: back yard}\n", "threads: 2");
        Assert.Equal(["front", "back yard"], configuration.CameraNames);
        Assert.Equal([3, 2], configuration.Model.CameraThreads);
        Assert.Equal((640, "/dev/video1"), (configuration.Cameras[1].Request.Width, configuration.Cameras[1].Request.Device.Whole));
        Assert.Equal([false, true], configuration.CameraNames.Select(configuration.Rules[0].Watches));
    }

    [Fact]
    public void One_camera_has_no_name()
    {
        var configuration = Read("camera: {device: /dev/video0}\nrules:\n - {name: r, label: x, threshold: 0.5}\n", "threads: 2");
        Assert.Empty(configuration.CameraNames);
        Assert.Equal([2], configuration.Model.CameraThreads);
        Assert.True(configuration.Rules[0].Watches(null));
    }

    [Fact]
    public void ONNX_Runtime_has_one_pool_of_threads_for_all_cameras() => Assert.Equal(
        "f:3: threads of camera 'front' need 'engine: fused': with engine 'onnxruntime' all cameras have model.threads",
        Assert.Throws<EdgeException>(() => Read(Two, "engine: onnxruntime")).Message);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_is_said(string text, string[] says) =>
        Assert.Equal(says, Assert.Throws<EdgeException>(() => Read(text)).Message.Split('\n'));

    private static ServiceConfiguration Read(string text, string model = "threads: 1") =>
        ServiceConfiguration.From(YamlTree.Parse($"model: {{package: /m, {model}}}\n{text}", "f"), "f");
}
