using System.Net.Http.Headers;
using System.Text.Json;
using ResNetEdge.Device;
using ResNetEdge.Service.Watch;

namespace ResNetEdge.Service.Telemetry;

/// <summary>
/// Pushes metrics to an OpenTelemetry collector, on a thread of its own: once at the start, so that a wrong address shows at once, then at its
/// interval. Nothing is queued: counts are cumulative, so that the next push makes up for one that failed.
/// </summary>
internal sealed class OtlpPush : IDisposable
{
    private const int MostAnswerBytes = 16 << 10;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10); // of one push, as OTLP's own default
    private static readonly TimeSpan ClockJump = TimeSpan.FromMinutes(1);
    private readonly TelemetrySettings _settings;
    private readonly SafeAddress _endpoint;
    private readonly Func<ServiceSnapshot> _snapshot;
    private readonly string _version;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly HttpClient _client = PostClient.New(Timeout);
    private readonly ManualResetEventSlim _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private DateTimeOffset? _start; // of counting, by the wall clock
    private string? _said;
    private long _taken, _failed;

    /// <summary>Begins to push.</summary>
    /// <param name="settings">With an endpoint.</param>
    /// <param name="snapshot">Of the service; from any thread.</param>
    /// <param name="version">Of the program.</param>
    /// <param name="time">Of intervals and stamps.</param>
    /// <param name="log">For people.</param>
    public OtlpPush(TelemetrySettings settings, Func<ServiceSnapshot> snapshot, string version, TimeProvider time, Log log)
    {
        (_settings, _snapshot, _version, _time, _log) = (settings, snapshot, version, time, log);
        _endpoint = settings.Endpoint ?? throw new ArgumentException("no endpoint", nameof(settings));
        _thread = new Thread(Work) { Name = "telemetry", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What became of the pushes so far; from any thread.</summary>
    public PushCounts Counts => new(Volatile.Read(ref _taken), Volatile.Read(ref _failed));

    /// <summary>Ends; a push under way is given up. Waits for nothing, since the frame thread may be the one that calls.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _wake.Set();
    }

    private void Work()
    {
        using (_client)
        {
            while (!_stop.IsCancellationRequested)
            {
                string? trouble = Push();
                if (_stop.IsCancellationRequested) return;
                Say(trouble); // first: whoever sees a push counted finds its line
                if (trouble is null) Volatile.Write(ref _taken, _taken + 1);
                else Volatile.Write(ref _failed, _failed + 1);
                _time.Wait(_wake, _settings.Interval);
            }
        }
    }

    /// <summary>Pushes the metrics once; returns what went wrong, or null.</summary>
    /// <returns>Null, or why it failed.</returns>
    private string? Push()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(Timeout);
        try
        {
            using var request = Request();
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode ? LeftOut(response, limit.Token) : $"{_endpoint.Server} answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return $"{_endpoint.Server}: no answer within {Timeout.TotalSeconds:F0} s";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"{_endpoint.Server}: {_endpoint.HideIn(NetworkTrouble.Reason(e))}";
        }
    }

    private HttpRequestMessage Request()
    {
        var now = _snapshot();
        var wall = _time.GetUtcNow();
        var began = wall - now.Uptime;
        // Kept while the clock is only trimmed: a collector takes another start for a reset of all counts.
        if (_start is not { } start || (began - start).Duration() > ClockJump) _start = start = began;
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Uri)
        {
            Content = new ByteArrayContent(OtlpJson.Write(MetricTable.Of(now, _version), _settings.Instance, _version, start, wall)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ResNetEdge", null));
        if (_settings.HeadersFile is { } file) HeadersFile.AddTo(request.Headers, file);
        return request;
    }

    /// <summary>A collector may take a push and leave parts of it out.</summary>
    private string? LeftOut(HttpResponseMessage response, CancellationToken ct)
    {
        using var body = response.Content.ReadAsStream(ct);
        byte[] bytes = new byte[MostAnswerBytes];
        int length = body.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length is 0 or MostAnswerBytes) return null; // nothing, or no collector's answer
        try
        {
            var part = JsonSerializer.Deserialize(bytes.AsSpan(0, length), OtlpContext.Default.OtlpAnswer)?.PartialSuccess;
            return part is { RejectedDataPoints: > 0 }
                ? $"{_endpoint.Server} rejected {part.RejectedDataPoints} values: {_endpoint.HideIn(part.ErrorMessage ?? "")}" : null;
        }
        catch (JsonException)
        {
            return null; // it said 2xx; what else it says need not be JSON
        }
    }

    private void Say(string? trouble)
    {
        if (trouble == _said) return;
        if (trouble is null) _log.Notice("metrics are pushed again", ("endpoint", _endpoint.Server));
        else _log.Warning("metrics cannot be pushed; trying again at each interval", ("reason", trouble));
        _said = trouble;
    }
}
