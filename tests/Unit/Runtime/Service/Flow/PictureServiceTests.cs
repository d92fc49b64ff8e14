using System.Text;
using ResNetEdge.Device.Native;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

public sealed class PictureServiceTests
{
    [SkippableFact]
    public void The_frame_that_turned_a_rule_on_is_the_one_that_is_sent()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var server = new FakeWebServer();
        using var running = new RunningService();
        running.Configure($"""
            {RunningService.Rules}
                actions: [phone]
            outputs:
              - name: phone
                type: webhook
                url: {server.Url}
                picture: true
                picture_width: 64
                changes: "on"
            """);
        running.Run(FakeStep.Dark, new(FakeStepKind.Frame, 240), new(FakeStepKind.Frame, 250), FakeStep.Dark, FakeStep.Dark);
        SinkBench.Until(() => running.Snapshot.Outputs[0].Delivered == 1, "the message");
        byte[] body = Assert.Single(server.Posts).Body;
        int start = body.AsSpan().IndexOf("image/jpeg\r\n\r\n"u8) + "image/jpeg\r\n\r\n".Length, end = body.AsSpan().LastIndexOf("\r\n--"u8);
        Assert.Equal((16, 16, 250), SinkBench.Look(body[start..end]));
        Assert.Contains("\"on\":true", Encoding.Latin1.GetString(body), StringComparison.Ordinal);
        Assert.False(running.Snapshot.Rules[0].IsOn);
    }

    [Fact]
    public void People_are_told_as_often_as_the_rule_allows_and_files_know_all()
    {
        using var server = new FakeWebServer();
        using var running = new RunningService();
        running.Configure($"""
            {RunningService.Rules}
                at_most: 1 per day
                actions: [phone, lines]
            outputs:
              - name: phone
                type: webhook
                url: {server.Url}
              - name: lines
                type: json_lines
                path: {running.Folder["lines"]}
            """);
        for (int i = 0; i < 3; i++) running.Run(FakeStep.Bright, FakeStep.Bright, FakeStep.Dark, FakeStep.Dark);
        var outputs = running.Snapshot.Outputs;
        Assert.Equal((2L, 6L, 2L), (outputs[0].Accepted, outputs[1].Accepted, running.Snapshot.Rules[0].HeldBack));
        SinkBench.Until(() => running.Snapshot.Outputs.All(o => o.Delivered == o.Accepted), "all");
        Assert.Equal([true, false], server.Posts.Select(p => p.Text.Contains("\"on\":true", StringComparison.Ordinal)));
        Assert.Equal(6, File.ReadAllLines(running.Folder["lines"]).Length);
    }

    [Fact]
    public void The_network_sees_the_region_alone()
    {
        using var running = new RunningService();
        running.Configure(RunningService.Rules);
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        string text = File.ReadAllText(running.ConfigurationPath);
        File.WriteAllText(
            running.ConfigurationPath, text.Replace("device: fake", "device: fake\n  mask: [{x: 0}]", StringComparison.Ordinal)); // all is black
        running.LetItNotice();
        running.Run(FakeStep.Bright, FakeStep.Bright, FakeStep.Bright);
        Assert.Equal((1L, false), (running.Snapshot.Reloads, running.Snapshot.Rules[0].IsOn));
    }
}
