using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service;
using ResNetEdge.Service.Flow;
using ResNetEdge.Service.Systemd;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>
/// Two cameras that are folders, each with a thread, in real time: one is taken away and put back, hangs, or has its model exchanged.
/// </summary>
public sealed class FrameThreadsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _text = new();
    private readonly ManualResetEventSlim _goOn = new();
    private volatile bool _hangs;
    private bool _isStill;

    public FrameThreadsTests()
    {
        BrightOrDark.Write(_folder["model"], version: 1);
        foreach (string camera in new[] { "front", "back" })
        {
            for (int i = 0; i < 3; i++) _folder.Write($"{camera}/{i}.ppm", Picture(camera == "front" ? (byte)255 : (byte)0));
        }

        File.WriteAllText(_folder["service.yaml"], $$"""
            model:
              package: {{_folder["model"]}}
            cameras:
              - {name: front, device: {{_folder["front"]}}, loop: true, frames_per_second: 200, longest_retry_s: 0.2, threads: 2}
              - {name: back, device: {{_folder["back"]}}, loop: true, frames_per_second: 200, longest_retry_s: 0.2, stall_timeout_s: 0.5}
            rules:
              - {name: lit, label: bright, threshold: 0.8}
            state_folder: {{_folder["state"]}}
            """, new UTF8Encoding(false));
    }

    public void Dispose()
    {
        _goOn.Set();
        _folder.Dispose();
        _text.Dispose();
        _goOn.Dispose();
    }

    [Fact]
    public async Task A_camera_that_is_taken_away_and_put_back_stops_no_other()
    {
        using var service = Start();
        var running = Task.Run(service.Run);
        Until(() => Of(service, "front").Frames > 20 && Of(service, "back").Frames > 20, "frames of both");
        Directory.Move(_folder["back"], _folder["away"]);
        Until(() => !Of(service, "back").IsHealthy, "the camera is missed");
        long before = Of(service, "front").Frames;
        Until(() => Of(service, "front").Frames > before + 50, "the other goes on");
        Assert.Equal((true, false, "running"), (Of(service, "front").IsHealthy, service.Snapshot().IsHealthy, service.Snapshot().State));
        Assert.Contains("camera 'back'", service.Snapshot().Trouble, StringComparison.Ordinal);
        Directory.Move(_folder["away"], _folder["back"]);
        Until(() => service.Snapshot().IsHealthy, "both again");
        Assert.Equal([("front", true), ("back", false)], service.Snapshot().Rules.Select(r => (r.Camera, r.IsOn)));
        service.Stop();
        await running;
        Assert.Equal("stopping", service.Snapshot().State);
    }

    [Fact]
    public async Task A_camera_whose_driver_hangs_turns_its_rules_off_and_neither_the_other_nor_the_end_waits_for_it()
    {
        foreach (string file in Directory.GetFiles(_folder["back"])) File.WriteAllBytes(file, Picture(255));
        using var service = Start();
        var running = Task.Run(service.Run);
        Until(() => service.Snapshot().Rules.All(r => r.IsOn), "both rules on");
        _hangs = true;
        Until(() => !Of(service, "back").IsHealthy && !service.Snapshot().Rules[1].IsOn, "the timer turns the rule off");
        long before = Of(service, "front").Frames;
        Until(() => Of(service, "front").Frames > before + 50, "the other goes on");
        Assert.True(service.Snapshot().Rules[0].IsOn);
        service.Stop();
        await running;
        Assert.Contains("a camera's thread does not end and is left behind", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_exchanged_while_both_run()
    {
        using var service = Start();
        var running = Task.Run(service.Run);
        for (int version = 2; version <= 4; version++)
        {
            BrightOrDark.Write(_folder["model"], version);
            string wanted = $"{version}";
            Until(() => service.Snapshot().Model.Version == wanted, "the new model");
            long front = Of(service, "front").Frames, back = Of(service, "back").Frames;
            Until(() => Of(service, "front").Frames > front + 40 && Of(service, "back").Frames > back + 40, "frames of both");
        }

        Assert.Equal((3L, 0L, true), (service.Snapshot().ModelUpdates, service.Snapshot().ModelUpdatesRefused, service.Snapshot().IsHealthy));
        service.Stop();
        await running;
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        _isStill = true;
        using var service = Start();
        for (int i = 0; i < 100; i++) service.Step(); // past the trial
        service.WaitForWork();
        int clean = 0;
        const int Turns = 2000;
        for (int i = 0; i < Turns; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            service.Step();
            if (GC.GetAllocatedBytesForCurrentThread() == before) clean++;
        }

        Assert.All(service.Snapshot().Cameras, c => Assert.InRange(c.Frames, Turns, Turns + 100)); // the first may be late on a busy machine
        Assert.InRange(clean, Turns * 9 / 10, Turns); // the others are housekeeping, once a second
    }

    [Fact]
    public void A_frame_that_is_run_at_two_levels_allocates_nothing()
    {
        _isStill = true;
        BrightOrDark.WriteLadder(_folder["model"], version: 1);
        File.AppendAllText(_folder["service.yaml"],
            $"\noutputs: [{{name: odd, type: frames, folder: {_folder["kept"]}, when: disagreement, compare_s: 0.1}}]\n");
        using var service = Start();
        for (int i = 0; i < 100; i++) service.Step();
        service.WaitForWork();
        Assert.Contains("level loaded beside the whole network", _text.ToString(), StringComparison.Ordinal);
        int clean = 0, turns = 0;
        for (var end = TimeProvider.System.Now() + TimeSpan.FromSeconds(1); TimeProvider.System.Now() < end; turns++) // ten frames of each
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            service.Step();
            if (GC.GetAllocatedBytesForCurrentThread() == before) clean++;
        }

        Assert.InRange(turns - clean, 0, 12); // housekeeping and what it begins; twenty frames are run twice
    }

    [Fact]
    public async Task A_camera_whose_driver_hangs_when_it_is_asked_is_answered_for()
    {
        File.AppendAllText(_folder["service.yaml"], $$"""

            looks: {warm_up_frames: 0, timeout_s: 0.5}
            triggers: [{name: t, type: unix_socket, path: {{_folder["ask"]}}}]
            """);
        using var service = Start();
        var running = Task.Run(service.Run);
        Until(() => service.Snapshot().State == "asleep" && File.Exists(_folder["ask"]), "sleep");
        _hangs = true;
        string[] answers = Ask();
        Assert.Contains("\"camera\":\"front\",\"answers\":2,\"trigger\":\"t\",\"frames\":1", answers[0], StringComparison.Ordinal);
        Assert.Contains("\"camera\":\"back\"", answers[1], StringComparison.Ordinal);
        Assert.Contains("driver does not answer\"", answers[1], StringComparison.Ordinal);
        Assert.Equal([true, false], service.Snapshot().Cameras.Select(c => c.IsHealthy));
        Assert.Contains("camera 'back': the camera's driver does not answer", service.Snapshot().Trouble, StringComparison.Ordinal);
        Assert.Equal(2, Ask().Length); // also who asks while it hangs
        _hangs = false;
        _goOn.Set();
        // What went wrong in a look is said until the next one.
        Until(() => Array.TrueForAll(Ask(), answer => answer.EndsWith("\"error\":null}", StringComparison.Ordinal)), "the camera answers again");
        Until(() => service.Snapshot().IsHealthy, "health");
        service.Stop();
        await running;
    }

    private string[] Ask()
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(_folder["ask"]));
        client.ReceiveTimeout = 60_000; // milliseconds: an answer that does not come fails instead of hanging
        client.Send("what do you see?\n"u8);
        client.Shutdown(SocketShutdown.Send);
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        for (int got; (got = client.Receive(buffer)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, got));
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static CameraSnapshot Of(EdgeService service, string camera) => service.Snapshot().Cameras.Single(c => c.Name == camera);

    private static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromMinutes(1)), $"waited in vain for: {what}");

    private static byte[] Picture(byte brightness)
    {
        byte[] head = Encoding.ASCII.GetBytes("P6 16 16 255\n"), pixels = new byte[16 * 16 * 3];
        Array.Fill(pixels, brightness);
        return [.. head, .. pixels];
    }

    private EdgeService Start() => EdgeService.Start(_folder["service.yaml"], new ServiceEnvironment(
        TimeProvider.System, new Log(TextWriter.Synchronized(_text), TimeProvider.System, isJournal: true),
        new Notifier(null, null, TimeProvider.System), Open, new MachineSensors(_folder["root"]), null, null)
    {
        CheckCamera = NetworkCameras.Table.Check,
        Memory = new MemoryRoom(_folder["root"]),
    });

    private ICamera Open(CameraRequest request)
    {
        if (_isStill) return new StillCamera();
        var camera = NetworkCameras.Table.Open(request);
        return request.Device.Whole == _folder["back"] ? new HangingCamera(camera, this) : camera;
    }

    /// <summary>A camera that has a dark frame whenever it is asked, and allocates nothing.</summary>
    private sealed unsafe class StillCamera : ICamera
    {
        private const int Side = 16;
        private readonly byte* _pixels = (byte*)NativeMemory.AllocZeroed(2 * Side * Side);

        public CameraMode Mode { get; } = new("still", FourCc.Grey, Side, Side, 0);

        public long Dropped => 0;

        public long Damaged => 0;

        public CameraSignal Wait(TimeSpan timeout, out Frame frame)
        {
            frame = new Frame
            {
                Data = _pixels,
                Length = Side * Side,
                Format = FourCc.Grey,
                Width = Side,
                Height = Side,
                Stride = Side,
                Sequence = 0,
                Time = TimeProvider.System.Now(),
                Name = "still",
            };
            return CameraSignal.Frame;
        }

        public void Release(in Frame frame)
        {
        }

        public void Dispose() => NativeMemory.Free(_pixels);
    }

    /// <summary>A camera whose driver answers until it is told to hang.</summary>
    private sealed class HangingCamera(ICamera camera, FrameThreadsTests test) : ICamera
    {
        public CameraMode Mode => camera.Mode;

        public long Dropped => camera.Dropped;

        public long Damaged => camera.Damaged;

        public string? Warning => camera.Warning;

        public CameraSignal Wait(TimeSpan timeout, out Frame frame)
        {
            if (test._hangs) test._goOn.Wait();
            return camera.Wait(timeout, out frame);
        }

        public void Release(in Frame frame) => camera.Release(frame);

        public void Dispose() => camera.Dispose();
    }
}
