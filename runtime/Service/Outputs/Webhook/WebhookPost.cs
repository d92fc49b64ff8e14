using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>Posts one event and says what became of it.</summary>
internal sealed class WebhookPost : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1); // that a server may ask for
    private readonly HttpClient _client;
    private readonly WebhookSettings _settings;
    private readonly TimeProvider _time;
    private readonly WebhookMessage _message;

    /// <summary>Prepares; nothing is connected yet.</summary>
    public WebhookPost(WebhookSettings settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _message = new WebhookMessage(settings, time.LocalTimeZone);
        _client = PostClient.New(settings.Timeout);
    }

    /// <summary>What became of an event.</summary>
    internal enum Outcome
    {
        /// <summary>The server has it.</summary>
        Delivered,

        /// <summary>The server will never take it.</summary>
        Rejected,

        /// <summary>To be tried again.</summary>
        Failed,
    }

    /// <summary>Posts an event.</summary>
    /// <param name="key">Of the event, the same at each attempt.</param>
    /// <param name="json">The event, UTF-8.</param>
    /// <param name="picture">JPEG; null: none.</param>
    /// <param name="abort">Ends the attempt.</param>
    /// <returns>What became of it; why; how long the server asks to wait, when it does.</returns>
    public (Outcome Outcome, string Why, TimeSpan? Wait) Send(string key, byte[] json, byte[]? picture, CancellationToken abort)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(_settings.Timeout);
        try
        {
            using var request = Request(key, json, picture);
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return Judge(response);
        }
        catch (OperationCanceledException)
        {
            return (Outcome.Failed, $"{_settings.Url.Server}: no answer within {_settings.Timeout.TotalSeconds:F0} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (Outcome.Failed, $"{_settings.Url.Server}: {_settings.Url.HideIn(NetworkTrouble.Reason(e))}", null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(string key, byte[] json, byte[]? picture)
    {
        string? token = SecretFile.FirstLine(_settings.TokenFile), secret = SecretFile.FirstLine(_settings.SecretFilePath);
        var (request, body) = _message.Of(key, json, picture);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ResNetEdge", null));
        request.Headers.Add("Idempotency-Key", key);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (secret is not null)
            request.Headers.Add(
                "X-ResNetEdge-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        return request;
    }

    private (Outcome Outcome, string Why, TimeSpan? Wait) Judge(HttpResponseMessage response)
    {
        int code = (int)response.StatusCode;
        string why = $"{_settings.Url.Server} answered {code}";
        if (code is >= 200 and < 300) return (Outcome.Delivered, why, null);
        if (code is >= 400 and < 500 && response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests))
            return (Outcome.Rejected, why, null);
        if (code is >= 300 and < 400) why += ", and redirects are not followed: correct 'url'";
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null;
        return (Outcome.Failed, why, wait > LongestWait ? LongestWait : wait);
    }
}
