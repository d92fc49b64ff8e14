using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Flow;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Triggers;

/// <summary>The whole service with triggers, on a camera that does what it is told.</summary>
public class LooksTests
{
    private const string OneFrameRule = """
        rules:
          - name: lit
            label: bright
            threshold: 0.8
        """;

    [Fact]
    public void Without_being_asked_it_sleeps_with_the_camera_closed()
    {
        using var running = Service("", "every_s: 3600");
        for (int i = 0; i < 10; i++) running.Service.Step();
        Assert.Equal(("asleep", true, 0L, 1), (running.Snapshot.State, running.Snapshot.IsHealthy, running.Snapshot.Frames, running.Opened));
        Assert.Null(running.Snapshot.Camera); // opened once at the start, to refuse one that can never work
    }

    [Fact]
    public void A_look_warms_up_runs_its_frames_and_rules_are_off_afterwards()
    {
        using var running = Service("looks: {warm_up_frames: 2, frames: 1}", "every_s: 30");
        SleepUntilAsked(running);
        running.Run(FakeStep.Dark, FakeStep.Dark, FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        Assert.Equal((1L, "running"), (running.Snapshot.Frames, running.Snapshot.State));
        running.Service.Step();
        Assert.False(running.Snapshot.Rules[0].IsOn);
        Assert.Equal(("asleep", true), (running.Snapshot.State, running.Snapshot.IsHealthy));
        Assert.Contains("reason=asleep", running.LogText, StringComparison.Ordinal);
        Assert.Contains("look trigger=t frames=1 rules=lit", running.LogText, StringComparison.Ordinal);
        Assert.Equal(0, running.Snapshot.CameraFailures);
    }

    [Fact]
    public void A_camera_that_is_away_is_answered_after_the_timeout_and_looked_for_again()
    {
        using var running = Service("looks: {warm_up_frames: 0, timeout_s: 2}", "every_s: 30");
        running.Service.Step();
        for (int i = 0; i < 1000; i++) running.Openings.Enqueue(new CameraException("no such camera"));
        for (int i = 0; i < 100 && !running.LogText.Contains("look trigger=t", StringComparison.Ordinal); i++) running.Service.Step();
        Assert.Contains("frames=0", running.LogText, StringComparison.Ordinal);
        Assert.Contains("no such camera", running.LogText, StringComparison.Ordinal);
        running.Service.Step();
        Assert.Equal(("asleep", false), (running.Snapshot.State, running.Snapshot.IsHealthy));
        running.Openings.Clear();
        SleepUntilAsked(running);
        running.Run(FakeStep.Bright);
        running.Service.Step();
        Assert.True(running.Snapshot.IsHealthy);
    }

    [Fact]
    public void A_camera_that_stays_open_gives_no_picture_of_before_the_question()
    {
        using var running = Service("looks: {warm_up_frames: 0, keep_camera_open: true}", "every_s: 30");
        running.Run(FakeStep.Bright, 700); // 28 s: far longer than a camera may be silent
        Assert.Equal((1, "asleep", 0L), (running.Opened, running.Snapshot.State, running.Snapshot.Frames));
        running.Time.Advance(TimeSpan.FromSeconds(2.1));
        running.Run(new FakeStep(FakeStepKind.Frame, 255, TimeSpan.FromSeconds(1)));
        Assert.Equal(0, running.Snapshot.Frames);
        running.Run(FakeStep.Dark);
        Assert.Equal((1L, 1), (running.Snapshot.Frames, running.Opened));
    }

    [Fact]
    public void A_line_on_a_socket_is_answered_by_what_was_seen()
    {
        using var running = new RunningService();
        string path = running.Folder["ask"];
        running.Configure($"{OneFrameRule}\nlooks: {{warm_up_frames: 0}}\ntriggers: [{{name: t, type: unix_socket, path: '{path}'}}]");
        running.Service.Step();
        SinkBench.Until(() => File.Exists(path), "the socket");
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
        client.ReceiveTimeout = 30_000; // milliseconds: an answer that does not come fails instead of hanging
        client.Send("what do you see?\n"u8);
        client.Shutdown(SocketShutdown.Send); // as `echo | socat` does
        running.Steps.Enqueue(FakeStep.Bright);
        SinkBench.Until(() => Step(running, 1), "a frame");
        var lines = ReadToEnd(client).Split('\n');
        Assert.Equal("", lines[1]); // the connection is closed after the answer
        var answer = JsonNode.Parse(lines[0])!;
        Assert.Equal(("look", "t", 1, "lit", "bright", true), ((string?)answer["event"], (string?)answer["trigger"], (int?)answer["frames"],
            (string?)answer["rules"]![0], (string?)answer["result"]!["top"]![0]!["label"], answer["error"] is null));
        Assert.InRange((double)answer["latency_ms"]!, 40, 60_000); // the camera's interval, by the fake clock
    }

    [Fact]
    public void A_reload_can_end_the_sleep_for_good()
    {
        using var running = Service("", "every_s: 3600");
        running.Service.Step();
        running.Configure(OneFrameRule);
        for (int i = 0; i < 4 && running.Snapshot.Reloads == 0; i++)
        {
            running.Service.WaitForWork();
            running.Time.Advance(TimeSpan.FromSeconds(1.1));
            running.Service.Step();
            running.Service.WaitForWork();
        }

        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal("running", running.Snapshot.State);
    }

    [Fact]
    public void A_rule_that_no_look_can_turn_on_is_refused()
    {
        using var running = new RunningService();
        running.Configure($"{RunningService.Rules}\ntriggers: [{{name: t, type: schedule, every_s: 1}}]");
        var e = Assert.Throws<EdgeException>(() => running.Service);
        Assert.Contains("rule 'lit' needs 2 frames and a look has 1: set 'looks.frames'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_file_ends_the_look_and_not_the_service()
    {
        using var running = Service("looks: {warm_up_frames: 0, frames: 5}", "every_s: 30");
        SleepUntilAsked(running);
        running.Run(FakeStep.Bright, FakeStep.End);
        Assert.Contains("error=\"the camera's file ended\"", running.LogText, StringComparison.Ordinal);
        SleepUntilAsked(running);
        running.Run(FakeStep.Bright);
        Assert.Equal(2, running.Snapshot.Frames);
    }

    private static RunningService Service(string looks, string schedule)
    {
        var running = new RunningService();
        running.Configure($"{OneFrameRule}\n{looks}\ntriggers: [{{name: t, type: schedule, {schedule}}}]");
        return running;
    }

    // With the fake clock each step of sleep is a second; the camera is silent in the step that opens it.
    private static void SleepUntilAsked(RunningService running)
    {
        _ = running.Service;
        int opened = running.Opened;
        for (int i = 0; i < 100 && running.Opened == opened; i++) running.Service.Step();
        Assert.Equal(opened + 1, running.Opened);
    }

    private static string ReadToEnd(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        for (int got; (got = socket.Receive(buffer)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, got));
        return text.ToString();
    }

    private static bool Step(RunningService running, long frames)
    {
        running.Service.Step();
        return running.Snapshot.Frames >= frames;
    }
}
