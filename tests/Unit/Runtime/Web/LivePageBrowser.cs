using Microsoft.Playwright;

namespace ResNetEdge.Tests.Unit.Runtime.Web;

/// <summary>Debian's Chromium, driven by Playwright; started once for all tests of the live page.</summary>
public sealed class LivePageBrowser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Headless = true, Args = Flags });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser profile of its own; skips the test where there is no Chromium.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        Skip.If(_browser is null, $"{Chromium} (Debian's chromium) is not installed");
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000); // a bound for a busy machine, not an expectation
        return context;
    }
}
