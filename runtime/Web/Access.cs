using System.Net;
using Microsoft.AspNetCore.Http;
using ResNetEdge.Service;

namespace ResNetEdge.Web;

/// <summary>Whether a request is answered.</summary>
internal enum Admission
{
    /// <summary>It bears the token, or none is asked for.</summary>
    Allowed,

    /// <summary>It bears none, or a wrong one.</summary>
    Refused,

    /// <summary>Too many wrong tokens came from there; what it bears was not looked at.</summary>
    Waits,
}

/// <summary>Who may see the service: with a token whoever bears it, without one whoever is on this machine.</summary>
/// <param name="tokens">Null: none is asked for.</param>
/// <param name="endpoint">Listened on; the address as configured.</param>
/// <param name="log">Told of wrong tokens, once a minute at most.</param>
/// <param name="time">For that, and for waits.</param>
internal sealed class Access(TokenFile? tokens, IPEndPoint endpoint, Log log, TimeProvider time)
{
    private const string Scheme = "Bearer ";
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CookieAge = TimeSpan.FromDays(30);
    private readonly WrongTokens _wrongTokens = new(time);
    private readonly Lock _turn = new();
    private long _lastSaid;
    private long _wrong;

    /// <summary>
    /// Whether the request names this machine by its loopback address or name: a page of a foreign
    /// name that was pointed here (DNS rebinding) does not.
    /// </summary>
    public bool IsRightHost(HttpRequest request) =>
        !IPAddress.IsLoopback(endpoint.Address) || request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" || IsLoopback(request.Host.Host);

    /// <summary>Whether the request may be answered, by its header or its cookie.</summary>
    public Admission Admit(HttpRequest request)
    {
        if (tokens is null) return Admission.Allowed;
        string authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
            return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? Admit(authorization[Scheme.Length..].Trim(), request)
                : Admission.Refused;
        return request.Cookies.TryGetValue(CookieName(request), out string? cookie)
            ? Judge(request, token => token.IsCookie(cookie))
            : Admission.Refused;
    }

    /// <summary>Whether this is the token; a wrong one is counted and said.</summary>
    public Admission Admit(string text, HttpRequest request) => tokens is null ? Admission.Allowed : Judge(request, token => token.Is(text));

    /// <summary>How long who asks has to wait until a token of theirs is looked at again.</summary>
    public TimeSpan WaitOf(HttpRequest request) => _wrongTokens.WaitOf(PeerOf(request));

    /// <summary>Gives the browser what opens the page from now on.</summary>
    public void SetCookie(HttpResponse response)
    {
        if (tokens is null) return;
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = CookieAge };
        response.Cookies.Append(CookieName(response.HttpContext.Request), tokens.Current.Cookie, options);
    }

    // The right one too has to wait: else a guess would show at once whether it is right, and the wait would cost a guesser nothing.
    private Admission Judge(HttpRequest request, Func<AccessToken, bool> isRight)
    {
        var peer = PeerOf(request);
        if (_wrongTokens.WaitOf(peer) > TimeSpan.Zero) return Admission.Waits;
        if (isRight(tokens!.Current)) return Admission.Allowed;
        _wrongTokens.Add(peer);
        Say(peer);
        return Admission.Refused;
    }

    // A proxy on this machine speaks for others and says for whom; without that one guesser behind it would keep everybody waiting.
    private static IPAddress PeerOf(HttpRequest request)
    {
        var peer = PeerAddress.Of(request.HttpContext.Connection.RemoteIpAddress);
        if (!IPAddress.IsLoopback(peer)) return peer;
        string client = request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return IPAddress.TryParse(client, out var address) ? PeerAddress.Of(address) : peer;
    }

    // Browsers share cookies between the ports of one host.
    private static string CookieName(HttpRequest request) => $"resnetedge-{request.HttpContext.Connection.LocalPort}";

    private static bool IsLoopback(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    private void Say(IPAddress from)
    {
        long count;
        lock (_turn)
        {
            _wrong++;
            long now = time.GetTimestamp();
            if (_lastSaid != 0 && time.GetElapsedTime(_lastSaid, now) < Quiet) return;
            (_lastSaid, count) = (now, _wrong);
        }

        log.Warning("the live page was requested with a wrong token", ("from", from), ("wrong_since_start", count));
    }
}
