using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Playwright;
using ResNetEdge.Service;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Tasks.Depth;
using ResNetEdge.Web;
using static Microsoft.Playwright.Assertions;

namespace ResNetEdge.Tests.Unit.Runtime.Web;

/// <summary>The live page in a real browser, on a service that says what the test wants.</summary>
public sealed class LivePageTests : IClassFixture<LivePageBrowser>, IDisposable
{
    /// <summary>Environment variable: the test of the numbers also writes a picture of the page to this file.</summary>
    private const string ScreenshotVariable = "RESNETEDGE_SCREENSHOT";

    private const string Token = "correct-horse-battery";
    private readonly LivePageBrowser _browser;
    private readonly TempFolder _folder = new();
    private readonly FakeWatched _watched = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    public LivePageTests(LivePageBrowser browser)
    {
        _browser = browser;
        SetDefaultExpectTimeout(60_000);
        byte[] picture = File.ReadAllBytes(
            Directory.EnumerateFiles(Path.Combine(House.Root, "exporter/Demo/pictures/Sandal")).Order(StringComparer.Ordinal).First());
        _watched.Picture = _ => Task.FromResult<(byte[]?, string?)>((picture, null)); // a browser tells formats by their first bytes
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task An_answer_that_the_page_has_no_drawing_for_is_shown_as_its_line_of_text()
    {
        _watched.Now = _watched.Now with { Answer = new DepthResult(1, 1) };
        using var server = Start();
        await using var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        var page = await Open(context, server, "/");
        await Expect(page.Locator("#top li")).ToHaveTextAsync("nearest 0.0 m");
    }

    [SkippableFact]
    public async Task The_page_shows_the_service_and_follows_it()
    {
        using var server = Start();
        await using var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        var page = await Open(context, server, "/");
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        // First: what is older than a minute leaves the histogram, and a busy machine takes its time.
        await Expect(page.Locator("#end-to-end-words")).ToHaveTextAsync("10 frames: half within 10 ms, 90 % within 15 ms, 99 % within 50 ms");
        await Expect(page.Locator("#end-to-end rect")).ToHaveCountAsync(4);
        await Expect(page.Locator("#alert")).ToBeHiddenAsync();
        await Expect(page.Locator("#frames")).ToContainTextAsync("123,456");
        await Expect(page.Locator("#top li").First).ToContainTextAsync("Sandal91.4 %");
        await Expect(page.Locator("#machine")).ToContainTextAsync("61.5 °C");
        await Expect(page.Locator("#rules tr").First).ToContainTextAsync("sandal-seenon6");
        await Expect(page.Locator("#outputs")).ToContainTextAsync("connection refused");
        await Expect(page.Locator("#model")).ToContainTextAsync("fashion-resnet14 · version 7 · int8 · engine fused · signed · up 1 d 2 h");
        await Expect(page.Locator("#picture")).ToBeVisibleAsync();
        Assert.True(await page.Locator("#picture").EvaluateAsync<int>("image => image.naturalWidth") > 0);
        await Expect(page.Locator("#events li").First).ToContainTextAsync("rule turned on rule=sandal-seen <b>&amp;");
        Assert.Equal(0, await page.Locator("#events b").CountAsync());
        await Expect(page.Locator("#events li .warning")).ToHaveTextAsync("Output fails: connection refused (output back-office).");
        if (Environment.GetEnvironmentVariable(ScreenshotVariable) is { Length: > 0 } file)
            await page.ScreenshotAsync(new() { Path = file, FullPage = true });

        _watched.Now = _watched.Now with
        {
            Frames = 123789,
            Answer = Classes.Named(new RankedClass(1, "<i>Trouser</i>", 0.5f)),
            IsThrottled = true,
            EndToEnd = FakeWatched.Histogram(6, 7, 8, 8, 9, 9, 9, 12, 14, 35, 1200, 9000, 9000, 9000),
        };
        await Expect(page.Locator("#frames")).ToContainTextAsync("123,789");
        await Expect(page.Locator("#top li")).ToHaveTextAsync(["<i>Trouser</i>50.0 %"]);
        await Expect(page.Locator("#machine dd.bad")).ToHaveTextAsync(["yes", "2 / 1"]);
        await Expect(page.Locator("#end-to-end-words"))
            .ToHaveTextAsync("4 frames: half within more than 5000 ms, 90 % within more than 5000 ms, 99 % within more than 5000 ms");
        Assert.Empty(_complaints);
    }

    [SkippableFact]
    public async Task Blindness_and_a_lost_connection_are_seen_at_once_and_pass()
    {
        var server = Start();
        await using var context = await _browser.NewContextAsync(new());
        var page = await Open(context, server, "/");
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        var running = _watched.Now;
        _watched.Now = running with { State = "blind", IsHealthy = false, Trouble = "/dev/video0: the cable is out" };
        await Expect(page.Locator("#state")).ToHaveTextAsync("blind");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Blind: /dev/video0: the cable is out");
        await Expect(page.Locator("#no-picture")).ToHaveTextAsync("Blind: no frames from the camera");
        await Expect(page).ToHaveTitleAsync("blind - ResNetEdge");
        _watched.Now = running;
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        Assert.Empty(_complaints);

        var endpoint = server.Endpoint;
        server.Dispose();
        await Expect(page.Locator("#state")).ToHaveTextAsync("no connection");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the data below is out of date");
        using var again = WatchServer.Start(new(endpoint, null), _watched, NewLog(), TimeProvider.System);
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
    }

    [SkippableFact]
    public async Task The_token_opens_the_page_by_form_and_by_link()
    {
        using var server = Start(Token);
        await using (var context = await _browser.NewContextAsync(new()))
        {
            var page = await Open(context, server, "/");
            await page.GetByLabel("Token of this device").FillAsync("wrong-horse-battery");
            await page.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not this device's token");
            await page.GetByLabel("Token of this device").FillAsync(Token);
            await page.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(page.Locator("#state")).ToHaveTextAsync("running");
            Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        }

        await using (var context = await _browser.NewContextAsync(new()))
        {
            var page = await Open(context, server, $"/?token={Token}");
            await Expect(page.Locator("#state")).ToHaveTextAsync("running");
            Assert.Equal("/", new Uri(page.Url).PathAndQuery);
        }

        Assert.All(_complaints, c => Assert.Contains("401", c, StringComparison.Ordinal)); // the browser tells of the two refusals
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_fits_a_phone_and_can_be_read_in_light_and_dark(ColorScheme scheme)
    {
        using var server = Start();
        await using var context = await _browser.NewContextAsync(
            new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true, HasTouch = true, ColorScheme = scheme });
        var page = await Open(context, server, "/");
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        await Expect(page.Locator("#rules tr")).ToHaveCountAsync(2);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360);
        const string contrasts = """
            () => {
              const style = getComputedStyle(document.documentElement), of = name => style.getPropertyValue(name).trim();
              const light = hex => {
                const h = hex.length === 4 ? [...hex.slice(1)].map(c => c + c).join("") : hex.slice(1);
                const [r, g, b] = [0, 2, 4].map(i => parseInt(h.slice(i, i + 2), 16) / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
                return .2126 * r + .7152 * g + .0722 * b;
              };
              const contrast = (a, b) => { const [x, y] = [light(of(a)), light(of(b))].sort((p, q) => q - p); return (x + .05) / (y + .05); };
              const pairs = ["--ink", "--quiet", "--accent", "--good", "--warn", "--bad"].flatMap(c => [[c, "--card"], [c, "--page"]])
                .concat(["--good", "--warn", "--bad", "--accent"].map(c => ["--on", c]));
              return pairs.map(([a, b]) => [`${a} on ${b}`, contrast(a, b)]).filter(([, c]) => !(c >= 4.5)).map(([p, c]) => `${p}: ${c}`);
            }
            """;
        Assert.Empty(await page.EvaluateAsync<string[]>(contrasts)); // WCAG 2.2, 1.4.3
        Assert.Empty(_complaints);
    }

    /// <summary>Heads of tables that are seen, and those that a phone shows beside each number instead.</summary>
    [SkippableTheory]
    [InlineData(320, true)]
    [InlineData(360, true)]
    [InlineData(600, false)]
    [InlineData(1280, false)]
    public async Task No_word_of_a_head_is_broken_and_every_number_has_its_head(int width, bool isPhone)
    {
        _watched.Now =
            _watched.Now with
            {
                Outputs = [.. _watched.Now.Outputs, new(
                    "events-of-the-whole-northern-building", "json_lines", 123_456_789, 123_456_789, 123_456, 9_999, 123_456, null)],
            };
        using var server = Start();
        await using var context =
            await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 740 }, IsMobile = width < 600 });
        var page = await Open(context, server, "/");
        await Expect(page.Locator("#outputs tr")).ToHaveCountAsync(3);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        const string brokenHeads = """
            () => [...document.querySelectorAll("th")].filter(head => {
              const range = document.createRange();
              range.selectNodeContents(head);
              return new Set([...range.getClientRects()].map(r => r.top)).size !== 1;
            }).map(head => head.textContent)
            """;
        Assert.Empty(await page.EvaluateAsync<string[]>(brokenHeads));
        const string shownHeads = """
            () => [...document.querySelectorAll("#outputs tr:last-child td")].map(cell => getComputedStyle(cell, "::before").content.replaceAll('"', "").trim())
            """;
        Assert.Equal(isPhone ? ["none", "Delivered", "Waiting", "Dropped", "Failures"] : ["none", "none", "none", "none", "none"],
            await page.EvaluateAsync<string[]>(shownHeads));
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(7); // a table for who listens to it, at any width
        Assert.Empty(_complaints);
    }

    private static Log NewLog() => new(TextWriter.Null, TimeProvider.System, isJournal: false);

    private WatchServer Start(string? token = null) => WatchServer.Start(
        new(new(IPAddress.Loopback, 0), token is null ? null : _folder.Write("token", Encoding.UTF8.GetBytes(token))), _watched,
        NewLog(), TimeProvider.System);

    // Whatever the browser complains of, and every request that leaves the device, fails the test.
    private async Task<IPage> Open(IBrowserContext context, WatchServer server, string path)
    {
        var page = await context.NewPageAsync();
        string origin = $"http://{server.Endpoint}/";
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin, StringComparison.Ordinal) && !request.Url.StartsWith($"blob:{origin}", StringComparison.Ordinal))
                _complaints.Enqueue($"request to {request.Url}");
        };
        await page.GotoAsync(origin + path.TrimStart('/'));
        return page;
    }
}
