using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using ResNetEdge.Service;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Web;

/// <summary>What is answered to which request.</summary>
internal sealed class Answers
{
    private const string Text = "text/plain; charset=utf-8", Json = "application/json";

    /// <summary>Parameter of <c>/health</c>: what is degraded counts as unhealthy too.</summary>
    private const string Strict = "strict";

    /// <summary>Parameter of <c>/picture.jpg</c>: the camera's name; without it the first camera.</summary>
    private const string Camera = "camera";

    /// <summary>
    /// Only the program's own files, nothing inline, nothing from elsewhere; pictures also from memory, as the page keeps them. Nobody
    /// else's page may show ours or read from it.
    /// </summary>
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ];

    private readonly IWatched _watched;
    private readonly Access _access;
    private readonly Log _log;
    private readonly Dictionary<string, SharedPicture> _pictures; // by the name of the camera
    private readonly SharedPicture _firstPicture;
    private readonly Dictionary<string, Func<HttpContext, Task>> _byPath;

    /// <param name="watched">The service.</param>
    /// <param name="access">Who may see it.</param>
    /// <param name="log">For defects.</param>
    /// <param name="time">For limits.</param>
    public Answers(IWatched watched, Access access, Log log, TimeProvider time)
    {
        (_watched, _access, _log) = (watched, access, log);
        _pictures = watched.CameraNames.Select((name, i) => (name, Picture: new SharedPicture(watched, i, time)))
            .ToDictionary(p => p.name, p => p.Picture, StringComparer.Ordinal);
        _firstPicture = _pictures[watched.CameraNames[0]];
        _byPath = new(StringComparer.Ordinal)
        {
            ["/"] = PageAsync,
            ["/metrics"] = http => WriteAsync(
                http, 200, PrometheusText.ContentType, Encoding.UTF8.GetBytes(PrometheusText.Write(_watched.Snapshot(), BuildInfo.Version))),
            ["/health"] = HealthAsync,
            ["/status.json"] = http => WriteAsync(http, 200, Json, StatusReport.Of(_watched.Snapshot(), BuildInfo.Version).ToJson()),
            ["/history.json"] = http => WriteAsync(http, 200, Json, _watched.HistoryJson()),
            ["/picture.jpg"] = PictureAsync,
        };
    }

    /// <summary>Answers one request, whatever it is.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        foreach (var (name, value) in Headers) http.Response.Headers[name] = value;
        try
        {
            await RouteAsync(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort(); // who asked is gone
        }
        catch (BadHttpRequestException e)
        {
            await SayAsync(http, e.StatusCode, "the request is not supported HTTP").ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            await SayAsync(http, 400, "the form contains more than a token").ConfigureAwait(false);
        }
        catch (Exception e) // the outermost frame of a request: the service goes on, the log has the defect
        {
            _log.Error("internal error in the live page; please report it", ("path", http.Request.Path.Value), ("what", e));
            await SayAsync(http, 500, "internal error; see the log").ConfigureAwait(false);
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var request = http.Request;
        string path = request.Path.Value ?? "";
        if (!_access.IsRightHost(request)) return SayAsync(http, 421, "this address is for this machine only; use localhost");
        if (path == "/sign-in") return HttpMethods.IsPost(request.Method) ? SignInAsync(http) : NotAllowedAsync(http, "POST");
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return NotAllowedAsync(http, "GET, HEAD");
        if (PageFile.Open.TryGetValue(path, out var file)) return WriteAsync(http, 200, file.ContentType, file.Bytes);
        if (path == "/" && request.Query.TryGetValue(SignIn.Field, out var token)) return TokenAsync(http, token.ToString());
        if (_access.Admit(request) is not Admission.Allowed and var no) return NotAdmittedAsync(http, no, PageFile.SignIn);
        return _byPath.TryGetValue(path, out var answer) ? ServeAsync(http, answer) : SayAsync(http, 404, "not found; the live page is at /");
    }

    /// <summary>While who may see the service is answered, their connection is not taken away for another.</summary>
    private static async Task ServeAsync(HttpContext http, Func<HttpContext, Task> answer)
    {
        var connection = http.Features.Get<WatchConnection>();
        connection?.IsServed = true;
        try
        {
            await answer(http).ConfigureAwait(false);
        }
        finally
        {
            connection?.IsServed = false;
        }
    }

    private static Task PageAsync(HttpContext http) => WriteAsync(http, 200, PageFile.Page.ContentType, PageFile.Page.Bytes);

    private Task HealthAsync(HttpContext http)
    {
        var health = HealthReport.Of(_watched.Snapshot());
        bool isWell = health.Healthy && !(health.Degraded && http.Request.Query.ContainsKey(Strict));
        return WriteAsync(http, isWell ? 200 : 503, Json, health.ToJson());
    }

    private async Task PictureAsync(HttpContext http)
    {
        var picture = _firstPicture;
        if (http.Request.Query.TryGetValue(Camera, out var name) && !_pictures.TryGetValue(name.ToString(), out picture!))
        {
            await SayAsync(http, 404, "no camera has this name; /status.json lists them").ConfigureAwait(false);
            return;
        }

        var (jpeg, whyNot) = await picture.GetAsync().WaitAsync(http.RequestAborted).ConfigureAwait(false);
        if (jpeg is null) await SayAsync(http, 503, whyNot ?? "no picture is available").ConfigureAwait(false);
        else await WriteAsync(http, 200, "image/jpeg", jpeg).ConfigureAwait(false);
    }

    private async Task SignInAsync(HttpContext http)
    {
        string? token = await SignIn.ReadAsync(http.Request).ConfigureAwait(false);
        var admission = token is null ? Admission.Refused : _access.Admit(token, http.Request);
        if (admission is not Admission.Allowed)
        {
            await NotAdmittedAsync(http, admission, PageFile.SignInAgain).ConfigureAwait(false);
            return;
        }

        _access.SetCookie(http.Response);
        http.Response.Headers.Location = "/";
        await WriteAsync(http, 303, Text, []).ConfigureAwait(false);
    }

    // The token goes out of the address at once. A page that leads on, not a redirect: after a click on a link elsewhere, a browser
    // would not send a strict cookie along a redirect.
    private Task TokenAsync(HttpContext http, string token)
    {
        if (_access.Admit(token, http.Request) is not Admission.Allowed and var no) return NotAdmittedAsync(http, no, PageFile.SignInAgain);
        _access.SetCookie(http.Response);
        return WriteAsync(http, 200, PageFile.SignedIn.ContentType, PageFile.SignedIn.Bytes);
    }

    private Task NotAdmittedAsync(HttpContext http, Admission admission, PageFile page)
    {
        if (admission is Admission.Waits)
        {
            string seconds = Math.Ceiling(Math.Max(1, _access.WaitOf(http.Request).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            http.Response.Headers.RetryAfter = seconds;
            return SayAsync(http, 429, $"too many wrong tokens from this address; try again in {seconds} s");
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? WriteAsync(http, 401, page.ContentType, page.Bytes)
            : SayAsync(http, 401, "a token is required: 'Authorization: Bearer ...'");
    }

    private static Task NotAllowedAsync(HttpContext http, string methods)
    {
        http.Response.Headers.Allow = methods;
        return SayAsync(http, 405, $"only {methods} is allowed here");
    }

    private static Task SayAsync(HttpContext http, int status, string sentence)
    {
        if (!http.Response.HasStarted) return WriteAsync(http, status, Text, Encoding.UTF8.GetBytes(sentence + "\n"));
        http.Abort(); // half an answer is out: cut it, so that nobody takes it for a whole one
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext http, int status, string contentType, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }
}
