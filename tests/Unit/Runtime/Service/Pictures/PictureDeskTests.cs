using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Service;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Pictures;

public sealed unsafe class PictureDeskTests : IDisposable
{
    private readonly StringWriter _log = new();
    private readonly PictureDesk _desk;
    private readonly FrameMemory _memory = new(FourCc.Grey, 640, 480, 0, new Random(1));

    public PictureDeskTests()
    {
        _desk = new PictureDesk(new Log(TextWriter.Synchronized(_log), new FakeTime(), isJournal: true), []);
        new Span<byte>(_memory.Frame.Data, _memory.Frame.Length).Fill(77);
    }

    public void Dispose()
    {
        _desk.Dispose();
        _memory.Dispose();
        _log.Dispose();
    }

    [SkippableFact]
    public void A_picture_is_of_the_frame_that_was_shown_in_the_size_that_was_asked_for()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        _desk.Show(0, _memory.Frame);
        var (small, large, same) = (Ask(200), Ask(1920), Ask(200));
        _desk.Hide(0);
        new Span<byte>(_memory.Frame.Data, _memory.Frame.Length).Fill(200); // the camera writes the next frame there
        Assert.Same(small, same);
        Assert.Equal((160, 120, 77), SinkBench.Look(small!.Wait()!));
        Assert.Equal((640, 480, 77), SinkBench.Look(large!.Wait()!));
    }

    [SkippableFact]
    public void A_cameras_jpeg_is_passed_on_when_it_is_small_enough_and_reduced_when_it_is_not()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        _desk.Show(0, _memory.Frame);
        var made = Ask(1920)!;
        _desk.Hide(0);
        byte[] coded = made.Wait()!;
        fixed (byte* data = coded)
        {
            _desk.Show(0, _memory.Frame with { Data = data, Length = coded.Length, Format = FourCc.Mjpeg });
            var (whole, half, third) = (Ask(640)!, Ask(320)!, Ask(219)!);
            _desk.Hide(0);
            Assert.Equal(coded, whole.Wait());
            Assert.Equal((320, 240, 77), SinkBench.Look(half.Wait()!));
            Assert.Equal((213, 160, 77), SinkBench.Look(third.Wait()!));
        }
    }

    [Fact]
    public void Without_a_frame_there_is_no_picture()
    {
        Assert.Null(Ask(640));
        _desk.Show(0, _memory.Frame);
        _desk.Hide(0);
        Assert.Null(Ask(640));
    }

    [Fact]
    public void A_frame_that_cannot_be_a_picture_is_told_once()
    {
        byte[] nothing = [1, 2, 3];
        fixed (byte* data = nothing)
        {
            for (int i = 0; i < 3; i++)
            {
                _desk.Show(0, _memory.Frame with { Data = data, Length = nothing.Length, Format = FourCc.Mjpeg });
                var picture = Ask(640)!;
                _desk.Hide(0);
                Assert.Null(picture.Wait());
            }
        }

        Assert.Single(_log.ToString().Split('\n'), l => l.Contains("an event has no picture reason=", StringComparison.Ordinal));
    }

    [Fact]
    public void Few_frames_wait_and_who_waits_at_the_end_is_told_that_there_is_nothing()
    {
        var pictures = new List<EventPicture?>();
        for (int i = 0; i < 1000; i++)
        {
            _desk.Show(0, _memory.Frame);
            pictures.Add(Ask(64));
            _desk.Hide(0);
        }

        Assert.Contains(pictures, p => p is null); // a thousand frames are faster copied than coded
        _desk.Dispose();
        Assert.All(pictures.OfType<EventPicture>(), p => Assert.True(p.IsDone));
    }

    [Fact]
    public void A_frame_that_nobody_asks_for_costs_no_memory()
    {
        _desk.Show(0, _memory.Frame);
        _desk.Hide(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _desk.Show(0, _memory.Frame);
            _desk.Hide(0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void At_most_one_picture_waits_for_each_rule()
    {
        var form = new PictureForm(64, 80);
        var pictures = new RulePictures(_desk, form);
        Assert.Equal((0u, 1L), (pictures.Ask(null, "door"), pictures.Missing)); // no frame is shown
        _desk.Show(0, _memory.Frame);
        var (first, other, second) = (pictures.Ask(null, "door"), pictures.Ask(null, "gate"), pictures.Ask(null, "door"));
        _desk.Hide(0);
        Assert.Equal(3, new[] { first, other, second }.Distinct().Count());
        Assert.Equal(2, pictures.Missing);
        Assert.Null(pictures.Take(first));
        Assert.Equal(TurboJpeg.Shared is not null, pictures.Take(second) is not null);
        Assert.Null(pictures.Take(second)); // it was taken
        Assert.Equal(TurboJpeg.Shared is not null, pictures.Take(other) is not null);
    }

    [SkippableFact]
    public void Each_camera_has_the_picture_of_its_own_frame()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var desk = new PictureDesk(new Log(TextWriter.Null, new FakeTime(), isJournal: true), ["front", "back"]);
        desk.Show(1, _memory.Frame);
        Assert.Null(desk.Ask("front", new PictureForm(320, 90)));
        var back = desk.Ask("back", new PictureForm(320, 90));
        desk.Show(0, _memory.Frame with { Width = _memory.Frame.Width / 2 });
        var front = desk.Ask("front", new PictureForm(320, 90));
        desk.Hide(0);
        Assert.Null(desk.Ask("front", new PictureForm(320, 90)));
        Assert.NotSame(front, back);
        Assert.Same(back, desk.Ask("back", new PictureForm(320, 90)));
        desk.Hide(1);
        Assert.NotEqual(front!.Wait(), back!.Wait());
    }

    private EventPicture? Ask(int width) => _desk.Ask(null, new PictureForm(width, 90));
}
