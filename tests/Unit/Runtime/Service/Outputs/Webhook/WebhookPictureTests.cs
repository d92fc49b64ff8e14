using System.Security.Cryptography;
using System.Text;
using ResNetEdge.Device.Native;
using ResNetEdge.Service.Outputs.Webhook;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Webhook;

/// <summary>The picture in the message: as a form, as the body of a PUT, and over the end of the process.</summary>
public sealed class WebhookPictureTests : IDisposable
{
    private readonly FakeWebServer _server = new();
    private readonly SinkBench _bench = new();

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
    }

    [SkippableFact]
    public void A_form_has_the_event_the_fields_and_the_picture()
    {
        SkipWithoutJpeg();
        string secret = Path.Combine(_bench.Folder, "secret");
        File.WriteAllText(secret, "k3y\n");
        var settings = Settings(PictureMode.Form) with
        {
            PicturePart = "photo",
            Fields = new(["caption={sentence}", "who={rule}/{label}/{percent}"]),
            SecretFilePath = secret,
        };
        using var sink = settings.Open(_bench.Context);
        _bench.Accept(sink, SinkBench.Event(7));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the delivery");
        var post = Assert.Single(_server.Posts);
        string key = post.Headers["Idempotency-Key"];
        Assert.Equal(("POST /hook?x=1 HTTP/1.1", $"multipart/form-data; boundary=resnetedge-{key}"), (post.Line, post.Headers["Content-Type"]));
        string before = string.Join("\r\n",
            $"--resnetedge-{key}", "Content-Disposition: form-data; name=\"event\"", "Content-Type: application/json", "",
            "{\"event\":\"rule\",\"rule\":\"door\",\"on\":true,\"label\":\"cat\",\"probability\":0.9,\"reason\":\"seen\",\"frame\":7,"
                + "\"camera_time_s\":0.065,\"time\":\"1970-01-01T00:00:07+00:00\"}",
            $"--resnetedge-{key}", "Content-Disposition: form-data; name=\"caption\"", "", "door: cat, 90 %",
            $"--resnetedge-{key}", "Content-Disposition: form-data; name=\"who\"", "", "door/cat/90 %",
            $"--resnetedge-{key}", "Content-Disposition: form-data; name=\"photo\"; filename=\"picture.jpg\"", "Content-Type: image/jpeg", "", "");
        string after = $"\r\n--resnetedge-{key}--\r\n";
        Assert.StartsWith(before, Encoding.Latin1.GetString(post.Body), StringComparison.Ordinal);
        Assert.EndsWith(after, Encoding.Latin1.GetString(post.Body), StringComparison.Ordinal);
        Assert.Equal((64, 48, 200), SinkBench.Look(post.Body[before.Length..^after.Length]));
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("k3y"u8, post.Body)), post.Headers["X-ResNetEdge-Signature"]);
    }

    [SkippableFact]
    public void A_picture_is_the_body_of_a_put_and_the_words_are_headers()
    {
        SkipWithoutJpeg();
        using var sink = (Settings(PictureMode.Body) with { Fields = new(["Tags=camera", "X-Where=Tür {rule}"]) }).Open(_bench.Context);
        _bench.Accept(sink, SinkBench.Event(7, rule: "Tür: Räuber"));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the delivery");
        var put = Assert.Single(_server.Posts);
        Assert.Equal(("PUT /hook?x=1 HTTP/1.1", "image/jpeg", "picture.jpg", "camera"),
            (put.Line, put.Headers["Content-Type"], put.Headers["Filename"], put.Headers["Tags"]));
        Assert.Equal("=?UTF-8?B?VMO8cjogUsOkdWJlcg==?=", put.Headers["Title"]); // as Python's email.header writes it
        Assert.Equal("Tür: Räuber: cat, 90 %", Decoded(put.Headers["Message"]));
        Assert.Equal("Tür Tür: Räuber", Decoded(put.Headers["X-Where"]));
        Assert.Equal((64, 48, 200), SinkBench.Look(put.Body));
    }

    [Fact]
    public void Without_a_picture_the_sentence_is_the_body_and_a_form_goes_to_its_other_address()
    {
        using (var sink = Settings(PictureMode.Body).Open(_bench.Context))
        {
            sink.Accept(SinkBench.Event(7)); // no frame is decided on
            sink.Accept(SinkBench.Event(8, isOn: false));
            SinkBench.Until(() => sink.Status.Delivered == 2, "both");
            Assert.Equal(1, sink.Status.PicturesMissing);
        }

        Assert.Equal(["door: cat, 90 %", "door is over"], _server.Posts.Select(p => p.Text));
        Assert.All(_server.Posts, p => Assert.Equal("text/plain; charset=utf-8", p.Headers["Content-Type"]));
        Assert.All(_server.Posts, p => Assert.False(p.Headers.ContainsKey("Filename") || p.Headers.ContainsKey("Message")));
        using var form = (Settings(PictureMode.Form) with { UrlWithoutPicture = new Uri(_server.Url, "/words") }).Open(_bench.Context);
        form.Accept(SinkBench.Event(7));
        SinkBench.Until(() => form.Status.Delivered == 1, "the form");
        Assert.Equal("POST /words HTTP/1.1", _server.Posts[^1].Line);
        Assert.DoesNotContain("image/jpeg", _server.Posts[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_turns_off_is_not_told_when_only_changes_to_on_are_wanted()
    {
        using var sink = (Settings(PictureMode.None) with { OnlyOn = true }).Open(_bench.Context);
        sink.Accept(SinkBench.Event(1, isOn: false));
        sink.Accept(SinkBench.Event(2));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the event");
        Assert.Equal((1L, null), (sink.Status.Accepted, sink.Status.PicturesMissing));
        Assert.Contains("\"frame\":2", Assert.Single(_server.Posts).Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Pictures_survive_the_process_with_their_events()
    {
        SkipWithoutJpeg();
        var url = _server.Url;
        _server.Dispose();
        var settings = Settings(PictureMode.Body) with { Url = url };
        using (var first = settings.Open(_bench.Context))
        {
            for (int i = 1; i <= 3; i++)
            {
                _bench.Accept(first, SinkBench.Event(i), (byte)(50 * i));
                SinkBench.Until(() => Directory.Exists(Queue) && Directory.GetFiles(Queue, "*.json").Length == i, "the event on disk");
            }
        }

        Assert.Equal(3, Directory.GetFiles(Queue, "*.jpg").Length);
        using var server = new FakeWebServer();
        using var second = (settings with { Url = server.Url }).Open(_bench.Context);
        SinkBench.Until(() => second.Status.Delivered == 3, "what was left");
        Assert.Equal([50, 100, 150], server.Posts.Select(p => SinkBench.Look(p.Body).Brightness));
        Assert.Empty(Directory.GetFiles(Queue, "*-*"));
    }

    [Fact]
    public void The_queue_holds_a_picture_with_its_message_and_clears_away_what_a_power_cut_left()
    {
        Directory.CreateDirectory(Queue);
        string half = Path.Combine(Queue, "00000000000000000003-00112233445566778899aabbccddeeff.jpg"), strange = Path.Combine(Queue, "holiday.jpg");
        File.WriteAllText(half, "its message was never written");
        File.WriteAllText(strange, "somebody else's");
        long room = (2 * DiskQueue.OnDisk(1)) + DiskQueue.OnDisk(9000);
        using (var queue = new DiskQueue(Queue, 9, room))
        {
            Assert.Equal((false, true), (File.Exists(half), File.Exists(strange)));
            Assert.False(queue.TryAdd([1], new byte[9000 + 8192]), "more than there is room for");
            Assert.True(queue.TryAdd([1], new byte[9000]));
            Assert.False(queue.TryAdd([2], [1]));
            Assert.True(queue.TryAdd([2]));
        }

        using (var again = new DiskQueue(Queue, 9, room))
        {
            Assert.Equal(9000, again.Peek()!.Value.Picture!.Length);
            Assert.False(again.TryAdd([3]), "what was left counts");
            File.Delete(Directory.GetFiles(Queue, "*-*.jpg").Single());
            Assert.Equal([1], again.Peek()!.Value.Message);
            Assert.Null(again.Peek()!.Value.Picture); // somebody cleared it away
            again.Remove();
            Assert.Equal([2], again.Peek()!.Value.Message);
        }
    }

    [SkippableFact]
    public void Where_the_disk_has_no_room_for_a_picture_the_event_goes_without()
    {
        SkipWithoutJpeg();
        var url = _server.Url;
        _server.Dispose();
        using (var sink = (Settings(PictureMode.Body) with { Url = url, QueueMib = 1 }).Open(_bench.Context))
        {
            SinkBench.Until(() => Directory.Exists(Queue), "the queue");
            sink.Accept(SinkBench.Event(0)); // half of what one with a picture takes, so that in the end there is room for an event alone
            int sent = 1;
            SinkBench.Until(() => Directory.GetFiles(Queue, "*.json").Length == sent, "the event on disk");
            do
            {
                long accepted = ++sent;
                _bench.Accept(sink, SinkBench.Event(sent));
                SinkBench.Until(() => Directory.GetFiles(Queue, "*.json").Length == accepted, "the event on disk");
            }
            while (Directory.GetFiles(Queue, "*.jpg").Length == sent - 1 && sent < 1000);
            Assert.InRange(sent, 50, 999);
            Assert.Equal(0, sink.Status.Dropped);
        }
    }

    private string Queue => Path.Combine(_bench.Folder, "webhook-out");

    private WebhookSettings Settings(PictureMode mode) => new("out", _server.Url, null, null, TimeSpan.FromSeconds(10), 1000, 1)
    {
        Mode = mode,
        Pictures = mode is PictureMode.None ? null : new PictureForm(640, 90),
    };

    private static void SkipWithoutJpeg() => Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");

    private static string Decoded(string header) =>
        string.Concat(header.Split(' ').Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2]))));
}
