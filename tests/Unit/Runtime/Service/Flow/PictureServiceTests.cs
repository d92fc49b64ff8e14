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
}
