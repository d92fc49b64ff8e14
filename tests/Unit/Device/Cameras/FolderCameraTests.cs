using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

public sealed unsafe class FolderCameraTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_come_in_order_and_companions_stay_behind()
    {
        _folder.Write("b.jpg", "b"u8);
        _folder.Write("a.jpg", "a"u8);
        _folder.Write("README.md", "x"u8);
        _folder.Write(".hidden", "x"u8);
        _folder.Write("cat/c.png", "c"u8);
        using var camera = new FolderCamera(new CameraRequest(_folder.Path), _time);
        Assert.Equal("abc", Letters(camera));
        Assert.Equal(FourCc.Picture, camera.Mode.Format);
    }

    [Fact]
    public void One_file_and_again_and_again()
    {
        using var camera = new FolderCamera(new CameraRequest(_folder.Write("x.png", "x"u8)) { Loop = true }, _time);
        for (uint i = 0; i < 3; i++)
        {
            Assert.Equal(CameraSignal.Frame, camera.Wait(TimeSpan.Zero, out var frame));
            Assert.Equal((i, _time.Now), (frame.Sequence, frame.Time));
        }
    }

    [Fact]
    public void Frames_come_at_their_rate_and_late_ones_are_not_caught_up_on()
    {
        using var camera = new FolderCamera(new CameraRequest(_folder.Write("x.png", "x"u8)) { Loop = true, FramesPerSecond = 10 }, _time);
        Assert.Equal(CameraSignal.Frame, camera.Wait(TimeSpan.Zero, out _));
        Assert.Equal(CameraSignal.Silence, camera.Wait(TimeSpan.Zero, out _));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(CameraSignal.Frame, camera.Wait(TimeSpan.Zero, out _));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(CameraSignal.Frame, camera.Wait(TimeSpan.Zero, out _));
        Assert.Equal(CameraSignal.Silence, camera.Wait(TimeSpan.Zero, out _));
    }

    [Fact]
    public void Empty_files_are_damaged_and_a_folder_of_nothing_else_fails()
    {
        _folder.Write("a.jpg", []);
        _folder.Write("b.jpg", "b"u8);
        using (var camera = new FolderCamera(new CameraRequest(_folder.Path), _time))
        {
            Assert.Equal("b", Letters(camera));
            Assert.Equal(1, camera.Damaged);
        }

        File.Delete(Path.Combine(_folder.Path, "b.jpg"));
        using var broken = new FolderCamera(new CameraRequest(_folder.Path) { Loop = true }, _time);
        Assert.Throws<CameraException>(() => broken.Wait(TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_folder_without_pictures_is_refused()
        => Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => new FolderCamera(new CameraRequest(_folder.Path), _time)).Kind);

    private static string Letters(FolderCamera camera)
    {
        string letters = "";
        while (camera.Wait(TimeSpan.Zero, out var frame) == CameraSignal.Frame)
        {
            letters += (char)*frame.Data;
            camera.Release(frame);
        }

        return letters;
    }
}
