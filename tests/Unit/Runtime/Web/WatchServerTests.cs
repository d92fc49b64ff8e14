using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ResNetEdge.Service;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Web;

namespace ResNetEdge.Tests.Unit.Runtime.Web;

/// <summary>The live page's server as its clients meet it, hostile ones too.</summary>
public sealed class WatchServerTests : IDisposable
{
    private const string Token = "correct-horse-battery";
    private readonly TempFolder _folder = new();
    private readonly FakeWatched _watched = new();
    private readonly FakeTime _time = new();
    private readonly StringWriter _written = new();
    private readonly Log _log;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public WatchServerTests() => _log = new Log(_written, _time, isJournal: false);

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Metrics_health_and_status_are_served()
    {
        using var server = Start();
        var metrics = await Get(server, "/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType!.ToString());
        Assert.Contains("resnetedge_frames_total 123456\n", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/health")).StatusCode);
        var status = JsonDocument.Parse(await (await Get(server, "/status.json")).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("running", 123456, "Sandal"), (
            status.GetProperty("state").GetString(), status.GetProperty("frames").GetProperty("run").GetInt32(),
            status.GetProperty("top")[0].GetProperty("label").GetString()));
        Assert.Equal("YUYV", status.GetProperty("camera").GetProperty("format").GetString());
    }

    [Fact]
    public async Task A_blind_service_is_unhealthy_and_says_why()
    {
        using var server = Start();
        _watched.Now = _watched.Now with
        {
            State = "blind",
            IsHealthy = false,
            Trouble = "/dev/video0 is gone",
            Camera = null,
            TemperatureCelsius = double.NaN,
            FramesPerSecond = double.PositiveInfinity,
        };
        var health = await Get(server, "/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(
            "/dev/video0 is gone", JsonDocument.Parse(await health.Content.ReadAsStringAsync()).RootElement.GetProperty("trouble").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/status.json")).StatusCode);
    }

    [Fact]
    public async Task Every_answer_forbids_what_the_page_does_not_need()
    {
        using var server = Start();
        foreach (string path in (string[])["/", "/page.js", "/page.css", "/icon.svg", "/metrics", "/nothing", "/picture.jpg"])
        {
            var answer = await Get(server, path);
            Assert.StartsWith("default-src 'none'; script-src 'self'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
            Assert.Equal("no-store", Header(answer, "Cache-Control"));
            Assert.False(answer.Headers.Contains("Server"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Get(server, "/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(server, "/../etc/passwd")).StatusCode);
        using var post = new HttpRequestMessage(HttpMethod.Post, Url(server, "/metrics"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.SendAsync(post)).StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, Url(server, "/health"));
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(head)).StatusCode);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("", false)]
    public async Task A_foreign_name_that_was_pointed_here_is_refused(string host, bool isRight)
    {
        using var server = Start();
        string answer = await Raw(server, $"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.Equal(isRight, answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        if (!isRight) Assert.DoesNotContain("running", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_token_nothing_of_the_service_is_shown_without_it()
    {
        using var server = Start(Token);
        foreach (string path in (string[])["/", "/metrics", "/health", "/status.json", "/picture.jpg", "/nothing"])
        {
            var answer = await Get(server, path);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (answer.StatusCode, Header(answer, "WWW-Authenticate")));
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, path, ("Authorization", "Bearer wrong-horse-battery"))).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, path, ("Authorization", $"Basic {Token}"))).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, path, ("Cookie", $"resnetedge-{server.Endpoint.Port}={Token}"))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/metrics", ("Authorization", $"Bearer {Token}"))).StatusCode);
        Assert.Contains("<form", await (await Get(server, "/", ("Accept", "text/html"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_and_the_address_give_a_cookie_that_no_script_reads()
    {
        using var server = Start(Token);
        var wrong = await Post(server, "token=wrong-horse-battery");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        var right = await Post(server, $"token={Token}");
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (right.StatusCode, Header(right, "Location")));
        string cookie = Header(right, "Set-Cookie");
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/status.json", ("Cookie", cookie.Split(';')[0]))).StatusCode);

        var linked = await Get(server, $"/?token={Token}");
        Assert.Equal((HttpStatusCode.OK, cookie), (linked.StatusCode, Header(linked, "Set-Cookie")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, "/?token=wrong")).StatusCode);
    }

    [Fact]
    public async Task A_cookie_stays_good_after_a_restart_and_ends_with_the_token()
    {
        string cookie;
        using (var server = Start(Token)) cookie = Header(await Post(server, $"token={Token}"), "Set-Cookie").Split(';')[0].Split('=')[1];
        using (var server = Start(Token))
            Assert.Equal(HttpStatusCode.OK, (await Get(server, "/", ("Cookie", $"resnetedge-{server.Endpoint.Port}={cookie}"))).StatusCode);
        using (var server = Start("another-good-token"))
            Assert.Equal(HttpStatusCode.Unauthorized, (await Get(server, "/", ("Cookie", $"resnetedge-{server.Endpoint.Port}={cookie}"))).StatusCode);
    }

    [Fact]
    public async Task Wrong_tokens_are_told_once_a_minute()
    {
        using var server = Start(Token);
        for (int i = 0; i < 5; i++) await Get(server, "/", ("Authorization", "Bearer no"));
        Assert.Single(_log.Recent, e => e.Text.Contains("wrong token", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromMinutes(2));
        await Get(server, "/", ("Authorization", "Bearer no"));
        Assert.Contains("wrong_since_start=6", _log.Recent[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("a token with blanks in it")]
    [InlineData("sixteen-letters-\u00fc")]
    public void A_bad_token_is_refused(string token)
    {
        var e = Assert.Throws<EdgeException>(() => Start(token));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("its first line must be the token", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_others_reach_is_never_without_token()
    {
        var e = Assert.Throws<EdgeException>(() => WatchServer.Start(new(new(IPAddress.Any, 0), null), _watched, _log, _time));
        Assert.Equal(FailureKind.BadInput, e.Kind);
    }

    [Fact]
    public void A_port_that_is_taken_is_exit_5_and_free_again_after_the_server_is_gone()
    {
        IPEndPoint endpoint;
        using (var server = Start())
        {
            endpoint = server.Endpoint;
            var e = Assert.Throws<EdgeException>(() => WatchServer.Start(new(endpoint, null), _watched, _log, _time));
            Assert.Equal(FailureKind.Unavailable, e.Kind);
            Assert.Contains($"cannot listen on {endpoint}", e.Message, StringComparison.Ordinal);
        }

        using var again = WatchServer.Start(new(endpoint, null), _watched, _log, _time);
        Assert.Equal(endpoint, again.Endpoint);
    }

    [Fact]
    public async Task A_picture_comes_or_the_reason_why_not()
    {
        using var server = Start();
        var none = await Get(server, "/picture.jpg");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the test has no picture\n"), (none.StatusCode, await none.Content.ReadAsStringAsync()));
        _time.Advance(TimeSpan.FromSeconds(1));
        _watched.Picture = _ => Task.FromResult<(byte[]?, string?)>(([0xFF, 0xD8, 0xFF, 0xD9], null));
        var picture = await Get(server, "/picture.jpg");
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.ToString());
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xD9], await picture.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Many_who_look_cost_one_picture()
    {
        using var server = Start();
        var ready = new TaskCompletionSource<(byte[]?, string?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _watched.Picture = _ =>
        {
            asked.TrySetResult();
            return ready.Task;
        };
        var looking = Enumerable.Range(0, 8).Select(_ => Get(server, "/picture.jpg")).ToList();
        await asked.Task;
        ready.SetResult(([1], null));
        foreach (var answer in await Task.WhenAll(looking)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, _watched.PicturesAsked);
        await Get(server, "/picture.jpg");
        Assert.Equal(1, _watched.PicturesAsked);
        _time.Advance(TimeSpan.FromMilliseconds(150));
        await Get(server, "/picture.jpg");
        Assert.Equal(2, _watched.PicturesAsked);
    }

    [Fact]
    public async Task A_picture_that_does_not_come_is_given_up()
    {
        using var server = Start();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _watched.Picture = async ct =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return (null, null);
        };
        var looking = Get(server, "/picture.jpg");
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Contains("no frame came within 5 seconds", await (await looking).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_defect_is_logged_and_the_server_goes_on()
    {
        using var server = Start();
        _watched.Picture = _ => throw new InvalidOperationException("boom");
        Assert.Equal(HttpStatusCode.InternalServerError, (await Get(server, "/picture.jpg")).StatusCode);
        Assert.Contains("boom", _log.Recent[^1].Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/health")).StatusCode);
    }

    [Fact]
    public async Task What_is_too_long_or_no_HTTP_is_refused()
    {
        using var server = Start(Token);
        string[] requests =
        [
            $"GET /{new string('x', 3000)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 9000)}\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X{i}: y\r\n"))}\r\n",
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n",
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + $"1000\r\n\r\ntoken={new string('x', 994)}",
            "\0\0\0\0\r\n\r\n",
        ];
        foreach (string request in requests) Assert.Matches("^HTTP/1.1 4[0-9][0-9]|^$", await Raw(server, request));
        const string goAway = "\0\0\b\a";
        Assert.StartsWith(goAway, await Raw(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StringComparison.Ordinal); // RFC 9113: use HTTP/1.1
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/health", ("Authorization", $"Bearer {Token}"))).StatusCode);
    }

    private WatchServer Start(string? token = null) =>
        WatchServer.Start(new(new(IPAddress.Loopback, 0), token is null ? null : _folder.Write("token", Encoding.UTF8.GetBytes(token + "\nmore\n"))),
            _watched, _log, _time);

    private static Uri Url(WatchServer server, string path) => new($"http://{server.Endpoint}{path}");

    private async Task<HttpResponseMessage> Get(WatchServer server, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(server, path));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> Post(WatchServer server, string form)
    {
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        return await _client.PostAsync(Url(server, "/sign-in"), content);
    }

    private static async Task<string> Raw(WatchServer server, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Endpoint);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return ""; // cut off, which is an answer too
        }
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
