using System.Net;
using Microsoft.AspNetCore.Http;
using ResNetEdge.Service;

namespace ResNetEdge.Web;

/// <summary>Who may see the service: with a token whoever bears it, without one whoever is on this machine.</summary>
/// <param name="token">Null: none is asked for.</param>
/// <param name="endpoint">Listened on; the address as configured.</param>
/// <param name="log">Told of wrong tokens, once a minute at most.</param>
/// <param name="time">For that.</param>
internal sealed class Access(AccessToken? token, IPEndPoint endpoint, Log log, TimeProvider time)
{
    private const string Scheme = "Bearer ";
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CookieAge = TimeSpan.FromDays(30);
    private readonly Lock _turn = new();
    private long _lastSaid;
    private long _wrong;

    /// <summary>Whether the request names this machine by its loopback address or name: a page of a foreign name that was pointed here (DNS rebinding) does not.</summary>
    public bool IsRightHost(HttpRequest request) => !IPAddress.IsLoopback(endpoint.Address) || request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" || IsLoopback(request.Host.Host);

    /// <summary>Whether the request may be answered.</summary>
    public bool IsAllowed(HttpRequest request)
    {
        if (token is null) return true;
        string authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > 0) return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && IsRight(authorization[Scheme.Length..].Trim(), request);
        return request.Cookies.TryGetValue(CookieName(request), out string? cookie) && token.IsCookie(cookie);
    }

    /// <summary>Whether it is the token; a wrong one is counted and said.</summary>
    public bool IsRight(string text, HttpRequest request)
    {
        if (token is null || token.Is(text)) return true;
        Say(request.HttpContext.Connection.RemoteIpAddress);
        return false;
    }

    /// <summary>Gives the browser what opens the page from now on.</summary>
    public void SetCookie(HttpResponse response)
    {
        if (token is null) return;
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = CookieAge };
        response.Cookies.Append(CookieName(response.HttpContext.Request), token.Cookie, options);
    }

    // Browsers share cookies between the ports of one host.
    private static string CookieName(HttpRequest request) => $"resnetedge-{request.HttpContext.Connection.LocalPort}";

    private static bool IsLoopback(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    private void Say(IPAddress? from)
    {
        long count;
        lock (_turn)
        {
            _wrong++;
            long now = time.GetTimestamp();
            if (_lastSaid != 0 && time.GetElapsedTime(_lastSaid, now) < Quiet) return;
            (_lastSaid, count) = (now, _wrong);
        }

        log.Warning("the live page was asked for with a wrong token", ("from", from), ("wrong_since_start", count));
    }
}
