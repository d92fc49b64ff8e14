using ResNetEdge.Device;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>
/// Rule events posted to a web server, at least once and in order. An event waits in memory for the time of one flush to the disk; from then on
/// it survives the end of the process and of the power, and is tried until the server takes it or says with a 4xx that it never will.
/// A receiver that must not count twice looks at the header Idempotency-Key.
/// </summary>
internal sealed class WebhookSink : QueuedSink
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(5), EndTime = TimeSpan.FromSeconds(1.5);
    private readonly WebhookSettings _settings;
    private readonly WebhookPost _post;
    private readonly Backoff _diskBackoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
    private readonly Backoff _backoff = new(FirstWait, LongestWait, jitter: 0.5);
    private readonly ManualResetEventSlim _wakeSender = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Thread _sender;
    private volatile DiskQueue? _queue;
    private volatile bool _isEnding;
    private TimeSpan _tryDiskAt;
    private byte[]? _picture; // of the item that the disk does not take yet

    /// <summary>Begins to deliver what a run before left.</summary>
    public WebhookSink(WebhookSettings settings, SinkContext context) : base(settings, new FeedSettings(false, false, 1, 256), context)
    {
        _settings = settings;
        _post = new WebhookPost(settings, context.Time);
        _sender = new Thread(Send) { Name = $"output {settings.Name} sending", IsBackground = true };
        _sender.Start();
        Start();
    }

    /// <inheritdoc/>
    protected override long Held => _queue?.Count ?? 0;

    /// <inheritdoc/>
    protected override bool IsHeldForGood => true;

    // This thread writes to the disk and does nothing else: an event must not wait in memory for a slow server.

    /// <inheritdoc/>
    protected override bool Deliver(SinkItem item) => TryDisk(queue =>
    {
        _picture ??= TakePicture(item);
        byte[] json = item.Json.ToArray();
        // Where there is no room for the picture, there may be room for the event.
        if (queue.TryAdd(json, _picture) || (_picture is not null && queue.TryAdd(json))) _wakeSender.Set();
        else Counters.HadNoRoom();
        _picture = null;
    });

    /// <inheritdoc/>
    protected override bool Takes(in RuleEvent change) => change.IsOn || !_settings.OnlyOn;

    /// <inheritdoc/>
    protected override TimeSpan? Idle(bool isEmpty)
    {
        if (_queue is null && TryDisk(_ => { })) _wakeSender.Set();
        return isEmpty && _queue is not null ? null : IsStopping && _queue is null ? null : _tryDiskAt - Context.Time.Now();
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        _isEnding = true;
        _abort.CancelAfter(EndTime);
        _wakeSender.Set();
        _sender.Join();
        _queue?.Dispose();
        _post.Dispose();
    }

    /// <inheritdoc/>
    protected override void Interrupt() => _abort.Cancel();

    private bool TryDisk(Action<DiskQueue> work)
    {
        var now = Context.Time.Now();
        if (now < _tryDiskAt) return false;
        try
        {
            work(_queue ??= new DiskQueue(
                Path.Combine(Context.StateFolder, $"webhook-{_settings.Name}"), _settings.MaxItems, (long)_settings.QueueMib << 20));
            _diskBackoff.Reset();
            return true;
        }
        catch (Exception e) when (e is EdgeException or IOException or UnauthorizedAccessException)
        {
            Counters.Failed(e.Message);
            _tryDiskAt = now + _diskBackoff.Next();
            return false;
        }
    }

    private void Send()
    {
        while (true)
        {
            _wakeSender.Reset();
            var wait = SendAll();
            if (_isEnding) return;
            if (wait is { } time) WaitFor(Context.Time.Now() + time);
            else _wakeSender.Wait();
        }
    }

    // New events wake the sender too; they do not shorten its wait for the server.
    private void WaitFor(TimeSpan until)
    {
        while (!_isEnding && until - Context.Time.Now() is var left && left > TimeSpan.Zero)
        {
            _wakeSender.Reset();
            if (!_isEnding) Context.Time.Wait(_wakeSender, left);
        }
    }

    /// <summary>Delivers the oldest, one after the other.</summary>
    /// <returns>After how long to go on; null: when there is something new.</returns>
    private TimeSpan? SendAll()
    {
        while (!_abort.IsCancellationRequested)
        {
            try
            {
                if (_queue?.Peek() is not { } item) return null;
                var (outcome, why, wait) = _post.Send(item.Key, item.Message, item.Picture, _abort.Token);
                if (outcome is WebhookPost.Outcome.Failed) return Failed(why, wait);
                _queue.Remove();
                _backoff.Reset();
                if (outcome is WebhookPost.Outcome.Delivered) Counters.Delivered(1);
                else Reject(why);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Failed(e.Message, null);
            }
        }

        return null;
    }

    private TimeSpan Failed(string why, TimeSpan? wait)
    {
        if (!_abort.IsCancellationRequested) Counters.Failed(why);
        var own = _backoff.Next();
        return wait > own ? wait.Value : own;
    }

    private void Reject(string why)
    {
        Counters.Dropped(1);
        Counters.Failed($"{why}; the event is dropped");
    }
}
