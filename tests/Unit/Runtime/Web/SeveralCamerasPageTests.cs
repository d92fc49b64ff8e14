using System.Net;
using Microsoft.Playwright;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Web;
using static Microsoft.Playwright.Assertions;

namespace ResNetEdge.Tests.Unit.Runtime.Web;

/// <summary>The live page of a service with several cameras, its set-up check, and the last day's events.</summary>
public sealed class SeveralCamerasPageTests : IClassFixture<LivePageBrowser>
{
    /// <summary>Environment variable: pictures of the page at the width of a desktop and of a phone are written to this folder.</summary>
    private const string ScreenshotsVariable = "RESNETEDGE_SCREENSHOTS";

    private readonly LivePageBrowser _browser;
    private readonly FakeWatched _watched = new() { CameraNames = ["front", "back yard"] };

    public SeveralCamerasPageTests(LivePageBrowser browser)
    {
        _browser = browser;
        SetDefaultExpectTimeout(60_000);
        byte[] picture = File.ReadAllBytes(
            Directory.EnumerateFiles(Path.Combine(House.Root, "exporter/Demo/pictures/Sandal")).Order(StringComparer.Ordinal).First());
        _watched.Picture = _ => Task.FromResult<(byte[]?, string?)>((picture, null));
        _watched.Now = Of(Camera("front"), Camera("back yard"));
        var now = DateTimeOffset.UtcNow;
        for (int i = 39; i >= 0; i--) Add(now.AddMinutes(-20 * i - 1), i % 2 == 0);
        Add(now, true);
    }

    [SkippableFact]
    public async Task Each_camera_has_a_card_that_a_click_or_a_key_enlarges()
    {
        using var server = Start();
        await using var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        var page = await Open(context, server);
        await Expect(page.Locator(".card")).ToHaveCountAsync(2);
        await Expect(page.Locator(".card h3").Nth(1)).ToHaveTextAsync("back yardrunning");
        await Expect(page.Locator(".card").First.Locator(".states li")).ToHaveTextAsync(["sandal-seen: on", "nobody-there: off"]);
        await Expect(page.Locator(".card img").Nth(1)).ToBeVisibleAsync();
        await Expect(page.Locator("#figure")).ToBeHiddenAsync();
        await Expect(page.Locator("#checks li")).ToHaveTextAsync(["The output back-office (webhook) fails: connection refused.",
            "A changed configuration was refused; the log below has the reason."]);
        await Screenshot(page, "live-page.png");
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Picture of the camera back yard: enlarge" });
        float small = (await button.BoundingBoxAsync())!.Width;
        await button.ClickAsync();
        Assert.InRange((await button.BoundingBoxAsync())!.Width, small * 1.8f, 1280);
        await Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
        await button.PressAsync("Enter");
        await Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Equal([0, 1], _watched.CamerasAsked.Keys.Order());
    }

    [SkippableFact]
    public async Task A_camera_that_is_gone_is_said_in_its_card_and_in_the_check()
    {
        var gone = Camera("back yard") with { State = "blind", IsHealthy = false, Trouble = "no such device", Camera = null };
        _watched.Now = Of(Camera("front"), gone);
        using var server = Start();
        await using var context = await _browser.NewContextAsync(new());
        var page = await Open(context, server);
        await Expect(page.Locator(".card").Nth(1).Locator("p.error")).ToHaveTextAsync("no such device");
        await Expect(page.Locator(".card").Nth(1).Locator(".caption")).ToHaveTextAsync("No frames");
        await Expect(page.Locator(".card").First.Locator("p.error")).ToBeHiddenAsync();
        await Expect(page.Locator("#checks li").First).ToHaveTextAsync("The back yard camera gives no frames: no such device.");
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
    }

    [SkippableFact]
    public async Task The_last_day_is_told_in_sentences_with_the_hours_drawn()
    {
        using var server = Start();
        await using var context = await _browser.NewContextAsync(new());
        var page = await Open(context, server);
        await Expect(page.Locator("#history li")).ToHaveCountAsync(41);
        await Expect(page.Locator("#history li").First).ToContainTextAsync("sandal-seen: Sandal at the front camera, 91 %");
        await Expect(page.Locator("#history li").Nth(2)).ToContainTextAsync("sandal-seen: no longer seen at the front camera");
        await Expect(page.Locator("#hours-words")).ToContainTextAsync("Rules turned on 21 times in the last day");
        await Expect(page.Locator("#said")).ToBeEmptyAsync(); // what was there before is not read out
        Add(DateTimeOffset.UtcNow, false, "blind");
        await Expect(page.Locator("#said")).ToHaveTextAsync("sandal-seen: off, because the front camera gives no frames");
    }

    [SkippableFact]
    public async Task It_fits_a_phone()
    {
        using var server = Start();
        await using var context = await _browser.NewContextAsync(
            new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true, HasTouch = true });
        var page = await Open(context, server);
        await Expect(page.Locator(".card img").Nth(1)).ToBeVisibleAsync();
        await Expect(page.Locator("#history li")).ToHaveCountAsync(41);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360);
        await Screenshot(page, "live-page-phone.png");
    }

    private static async Task Screenshot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(ScreenshotsVariable) is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = true });
    }

    private static CameraSnapshot Camera(string name) => FakeWatched.Running().Whole with
    {
        Name = name,
        Trouble = null,
        Camera = new CameraMode("/dev/video0", FourCc.Yuyv, 640, 480, 30),
    };

    private static ServiceSnapshot Of(params CameraSnapshot[] cameras) => FakeWatched.Running() with
    {
        Cameras = cameras,
        Rules = [.. cameras.SelectMany(c => FakeWatched.Running().Rules.Select(r => r with { Camera = c.Name }))],
    };

    private void Add(DateTimeOffset time, bool isOn, string? reason = null) => _watched.History.Add(
        new RuleEvent("sandal-seen", isOn, isOn ? "Sandal" : "", isOn ? 0.91f : 0, reason ?? (isOn ? "seen" : "gone"), 1, default, time)
        {
            Camera = "front",
        });

    private WatchServer Start() => WatchServer.Start(
        new(new(IPAddress.Loopback, 0), null), _watched, new Log(TextWriter.Null, TimeProvider.System, isJournal: false), TimeProvider.System);

    private static async Task<IPage> Open(IBrowserContext context, WatchServer server)
    {
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Assert.Fail(error);
        await page.GotoAsync($"http://{server.Endpoint}/");
        return page;
    }
}
