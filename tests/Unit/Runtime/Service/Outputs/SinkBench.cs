using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels;
using ResNetEdge.Service;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

/// <summary>What tests of outputs share: a folder, a log, results and events, and waiting for what threads do.</summary>
internal sealed class SinkBench : IDisposable
{
    private readonly StringWriter _log = new();

    public SinkBench(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        var log = new Log(TextWriter.Synchronized(_log), Time, isJournal: true);
        Pictures = new PictureDesk(log, []);
        Context = new SinkContext(Time, log, Folder) { Pictures = Pictures };
    }

    public TimeProvider Time { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("sink").FullName;

    public SinkContext Context { get; }

    /// <summary>Shows frames to the outputs.</summary>
    public PictureDesk Pictures { get; }

    public IReadOnlyList<string> Logged => [.. Context.Log.Recent.Select(l => l.Text)];

    public static FeedSettings Both => new(true, true, 1, 256);

    public static FrameResult Result(long frame) => new(Classes.Named(new RankedClass(1, "cat", 0.5f)))
    {
        Frame = frame,
        Source = "camera",
        DoneTime = TimeSpan.FromMilliseconds(10 * frame),
        CameraTime = TimeSpan.FromMilliseconds(10 * frame - 5),
        Time = DateTimeOffset.UnixEpoch.AddSeconds(frame),
    };

    /// <summary>A result with what JSON could stumble over: a label to be escaped, a class without one, a probability that is not a number.</summary>
    public static FrameResult DetailedResult() => new(Classes.Named(
        new(1, "a \"cat\" & köter", 0.625f), new(12, null, 0.1f), new(2, "dog", float.NaN)))
    {
        Frame = 7,
        Sequence = 3,
        Source = "camera",
        Level = 1,
        DoneTime = TimeSpan.FromMilliseconds(70),
        CameraTime = TimeSpan.FromMilliseconds(65),
        Time = DateTimeOffset.UnixEpoch.AddSeconds(7),
        Preprocess = TimeSpan.FromTicks(12_345),
        Infer = TimeSpan.FromMilliseconds(12.5),
    };

    public static RuleEvent Event(long frame, bool isOn = true, string rule = "door") =>
        new(rule, isOn, "cat", 0.9f, isOn ? "seen" : "gone", frame, TimeSpan.FromMilliseconds(10 * frame - 5),
            DateTimeOffset.UnixEpoch.AddSeconds(frame));

    /// <summary>Waits for a condition that another thread brings about; fails after half a minute, which no machine needs.</summary>
    public static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)), $"waited in vain for: {what}");

    /// <summary>A flood of results and an event now and then; nothing may be allocated by who gives them.</summary>
    public static void Flood(ISink sink, int results)
    {
        using var result = Result(1);
        _ = result.Json;
        var change = Event(1);
        for (int i = 0; i < 100; i++) sink.Accept(result);
        sink.Accept(change);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < results; i++)
        {
            sink.Accept(result);
            if (i % 1000 == 0) sink.Accept(change);
        }

        // The log's line about dropping, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    /// <summary>Gives a change to an output while a gray frame is decided on.</summary>
    public void Accept(ISink sink, in RuleEvent change, byte brightness = 200)
    {
        using var memory = new FrameMemory(FourCc.Grey, 64, 48, 0, new Random(1));
        unsafe
        {
            new Span<byte>(memory.Frame.Data, memory.Frame.Length).Fill(brightness);
        }

        Pictures.Show(0, memory.Frame);
        sink.Accept(change);
        Pictures.Hide(0);
    }

    /// <summary>The brightness of a JPEG's pixels, and its size.</summary>
    public static (int Width, int Height, int Brightness) Look(byte[] jpeg)
    {
        using var picture = new Picture();
        PictureReader.Decode("jpeg", jpeg, picture);
        return (picture.Width, picture.Height, (int)Math.Round(picture.Pixels.ToArray().Average(p => p)));
    }

    public void Dispose()
    {
        Pictures.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
