using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Flow;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Triggers;

/// <summary>Triggers with two cameras: each looks and answers apart, and one that is not asked sleeps on.</summary>
public sealed class LooksOfSeveralCamerasTests : IDisposable
{
    private readonly RunningService _running = new();

    private string SocketPath => _running.Folder["ask"];

    public void Dispose() => _running.Dispose();

    [Fact]
    public void Each_camera_answers_what_it_sees()
    {
        Configure("{warm_up_frames: 0}", $"type: unix_socket, path: '{SocketPath}'");
        using var client = Ask();
        _running.StepsOf["front"].Enqueue(FakeStep.Bright);
        _running.StepsOf["back"].Enqueue(FakeStep.Dark);
        SinkBench.Until(() => Step() && Frames("front") == 1 && Frames("back") == 1, "a frame of each");
        Assert.Equal([("front", 2, "lit", null), ("back", 2, "", null)], Answers(client));
        SinkBench.Until(() => Step() && _running.Snapshot.State == "asleep", "sleep");
        Assert.All(_running.Snapshot.Cameras, c => Assert.Equal(("asleep", true, null), (c.State, c.IsHealthy, c.Camera)));
        Assert.All(_running.Snapshot.Rules, r => Assert.False(r.IsOn));
        string metrics = PrometheusText.Write(_running.Snapshot, "1");
        foreach (string camera in new[] { "front", "back" })
        {
            Assert.Contains($"resnetedge_looks_total{{camera=\"{camera}\",result=\"whole\"}} 1\n", metrics, StringComparison.Ordinal);
            Assert.Contains($"resnetedge_looks_total{{camera=\"{camera}\",result=\"short\"}} 0\n", metrics, StringComparison.Ordinal);
            Assert.Contains($"resnetedge_look_seconds_count{{camera=\"{camera}\"}} 1\n", metrics, StringComparison.Ordinal);
            Assert.Contains($"look camera={camera} trigger=t frames=1", _running.LogText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_camera_that_is_gone_holds_up_no_answer_of_another()
    {
        _running.Gone.Add("back");
        Configure("{warm_up_frames: 0, timeout_s: 3}", $"type: unix_socket, path: '{SocketPath}'");
        using var client = Ask();
        _running.StepsOf["front"].Enqueue(FakeStep.Bright);
        SinkBench.Until(() => Step() && _running.LogText.Contains("look camera=back", StringComparison.Ordinal), "both answers");
        var answers = Answers(client);
        Assert.Equal(("front", 2, "lit", null), answers[0]);
        Assert.Equal(("back", 2, ""), (answers[1].Camera, answers[1].Answers, answers[1].Rules));
        Assert.Matches(@"^after [3-9]\.\d s: no such device$", answers[1].Error);
        SinkBench.Until(() => Step() && _running.Snapshot.State == "asleep", "sleep");
        Assert.Equal([true, false], _running.Snapshot.Cameras.Select(c => c.IsHealthy));
        Assert.Contains("resnetedge_looks_total{camera=\"back\",result=\"short\"} 1\n", PrometheusText.Write(_running.Snapshot, "1"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_trigger_may_ask_one_camera_alone()
    {
        Configure("{warm_up_frames: 0}", "type: schedule, every_s: 30, camera: back");
        for (int i = 0; i < 3; i++) Step();
        int opened = _running.Opened;
        _running.StepsOf["front"].Enqueue(FakeStep.Bright);
        _running.StepsOf["back"].Enqueue(FakeStep.Bright);
        SinkBench.Until(() => Step() && Frames("back") == 1, "a frame of the camera that is asked");
        Assert.Equal((0L, opened + 1), (Frames("front"), _running.Opened));
        Assert.DoesNotContain("look camera=front", _running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void Cameras_that_stay_open_go_on_while_nobody_asks()
    {
        Configure("{warm_up_frames: 0, keep_camera_open: true}", "type: schedule, every_s: 3600");
        for (int i = 0; i < 300; i++) _running.RunAll(("front", FakeStep.Bright), ("back", FakeStep.Bright)); // longer than a camera may be silent
        Assert.Equal(("asleep", 2, 0L), (_running.Snapshot.State, _running.Opened, _running.Snapshot.Frames));
        Assert.All(_running.Snapshot.Cameras, c => Assert.True(c.IsHealthy));
    }

    [Fact]
    public void A_request_is_taken_by_all_its_cameras_or_by_none()
    {
        var queue = new LookQueue(() => { }, ["a", "b"]);
        var (onlyA, asked) = (new CameraChoice(new(["a"])), new List<LookRequest>());
        Assert.Equal((2, 1), (queue.Answers(CameraChoice.All), queue.Answers(onlyA)));
        for (int i = 0; i < LookQueue.Most; i++) Assert.True(queue.Ask(new LookRequest("t", onlyA, default, null)));
        Assert.False(queue.Ask(new LookRequest("t", CameraChoice.All, default, null)));
        queue.TakeInto(1, asked);
        Assert.Empty(asked);
        queue.TakeInto(0, asked);
        Assert.Equal(LookQueue.Most, asked.Count);
        Assert.True(queue.Ask(new LookRequest("t", CameraChoice.All, default, null)));
        queue.TakeInto(1, asked);
        Assert.Equal(LookQueue.Most + 1, asked.Count);
    }

    private bool Step()
    {
        _running.Service.Step();
        return true;
    }

    private long Frames(string camera) => _running.Snapshot.Cameras.Single(c => c.Name == camera).Frames;

    private void Configure(string looks, string trigger) => _running.ConfigureCameras(
        $"rules: [{{name: lit, label: bright, threshold: 0.8}}]\nlooks: {looks}\ntriggers: [{{name: t, {trigger}}}]", "front", "back");

    private Socket Ask()
    {
        Step();
        SinkBench.Until(() => File.Exists(SocketPath), "the socket");
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        client.ReceiveTimeout = 30_000; // milliseconds: an answer that does not come fails instead of hanging
        client.Send("what do you see?\n"u8);
        client.Shutdown(SocketShutdown.Send);
        return client;
    }

    // All there are: the connection ends after the last one.
    private static List<(string? Camera, int? Answers, string Rules, string? Error)> Answers(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        for (int got; (got = socket.Receive(buffer)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, got));
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Select(answer => (
            (string?)answer["camera"], (int?)answer["answers"], string.Join(' ', answer["rules"]!.AsArray().Select(r => (string?)r)),
            (string?)answer["error"]))];
    }
}
