using System.Runtime.InteropServices;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// An output that takes JSON and needs time for it: the frame thread copies into a <see cref="SinkRing"/>, a thread of its own takes from
/// there. Every method that derived sinks write runs on that thread alone.
/// </summary>
internal abstract class QueuedSink : ISink
{
    /// <summary>How long <see cref="Dispose"/> lets the thread deliver what waits.</summary>
    internal static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly SinkRing _ring;
    private readonly LateEvents _late = new();
    private readonly SinkItem _item = new();
    private readonly RuleEventJson _json = new();
    private readonly FeedSettings _feed;
    private readonly RulePictures? _pictures;
    private readonly ManualResetEventSlim _wake = new();
    private readonly Thread _thread;
    private readonly byte[] _name = new byte[2 * 4096 * 3];
    private readonly Dictionary<string, long> _results = new(StringComparer.Ordinal); // of each camera
    private int _holds; // an item was taken from the ring and not delivered yet
    private volatile bool _isStopping;
    private long _stopBy = long.MaxValue; // by Environment.TickCount64: a thread's end cannot be waited for by another clock

    /// <summary>Makes the queue; <see cref="Start"/> starts the thread.</summary>
    protected QueuedSink(SinkSettings settings, FeedSettings feed, SinkContext context)
    {
        (Settings, _feed, Context) = (settings, feed, context);
        _ring = new SinkRing(feed.QueueKib << 10);
        if (settings.Picture is { } form && context.Pictures is { } desk)
        {
            _pictures = new RulePictures(desk, form);
            if (PictureForm.Missing is { } missing)
                context.Log.Warning("an output's events go without pictures", ("output", settings.Name), ("reason", missing));
        }

        Counters = new SinkCounters(settings, context.Log, context.Time);
        _thread = new Thread(Work) { Name = $"output {settings.Name}", IsBackground = true };
    }

    /// <inheritdoc/>
    public SinkSettings Settings { get; }

    /// <inheritdoc/>
    public SinkStatus Status => Counters.Status(Waiting + Volatile.Read(ref _holds) + Held) with { PicturesMissing = _pictures?.Missing };

    /// <summary>What sinks share.</summary>
    protected SinkContext Context { get; }

    /// <summary>What became of it all.</summary>
    protected SinkCounters Counters { get; }

    /// <summary>Items that were taken over by <see cref="Deliver"/> and not delivered yet; read by any thread.</summary>
    protected virtual long Held => 0;

    /// <summary>Whether what is held lies on disk and will be delivered another time.</summary>
    protected virtual bool IsHeldForGood => false;

    /// <summary>The last deliveries are under way: what cannot be had now will not be had.</summary>
    protected bool IsStopping => _isStopping;

    /// <inheritdoc/>
    public void Accept(FrameResult result)
    {
        if (!Takes(result, out string name)) return;
        uint picture = HasPicture && _pictures is not null ? _pictures.Ask(result.Camera, "") : 0; // no rule is called so
        Add(SinkItemKind.Result, Name(result.Camera, name), result.Json.Span, picture);
    }

    /// <inheritdoc/>
    public void Accept(in RuleEvent change)
    {
        if (!Takes(change)) return;
        uint picture = change.IsSeen && _pictures is not null ? _pictures.Ask(change.Camera, change.Rule) : 0;
        Add(SinkItemKind.Event, Name(change.Camera, change.Rule), _json.Write(change), picture);
    }

    /// <summary>Delivers what waits, as far as that goes at once and within two seconds, then ends the thread.</summary>
    public void Dispose()
    {
        if (_isStopping) return;
        Volatile.Write(ref _stopBy, Environment.TickCount64 + (long)DrainTime.TotalMilliseconds);
        _isStopping = true;
        _wake.Set();
        if (_thread.IsAlive && !_thread.Join(DrainTime)) Interrupt();
        if (_thread.IsAlive && !_thread.Join(DrainTime)) Context.Log.Warning("output does not stop and was abandoned", ("output", Settings.Name));
        _json.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the thread; the last line of a derived constructor.</summary>
    protected void Start() => _thread.Start();

    /// <summary>Has the thread look again; from any thread.</summary>
    protected void Wake() => _wake.Set();

    /// <summary>Whether a frame's result is for this output; on the frame thread.</summary>
    /// <param name="result">Of the frame that is decided on.</param>
    /// <param name="name">Goes with the item, as <see cref="SinkItem.Rule"/>.</param>
    protected virtual bool Takes(FrameResult result, out string name)
    {
        name = "";
        if (!_feed.Results) return false;
        ref long count = ref CollectionsMarshal.GetValueRefOrAddDefault(_results, result.Camera ?? "", out _);
        return count++ % _feed.EveryNth == 0;
    }

    /// <summary>Whether results have pictures, as events have.</summary>
    protected virtual bool HasPicture => false;

    /// <summary>Whether a change is for this output; on the frame thread.</summary>
    protected virtual bool Takes(in RuleEvent change) => true;

    /// <summary>The picture of an item, which is its own from now on; waits while it is being made.</summary>
    /// <returns>Null: it has none, or none could be made.</returns>
    protected byte[]? TakePicture(SinkItem item)
    {
        uint number = item.Picture;
        item.Picture = 0;
        return _pictures?.Take(number);
    }

    /// <summary>Delivers an item, or takes it over.</summary>
    /// <returns>False: not now; the same item comes again after the next <see cref="Idle"/>.</returns>
    protected abstract bool Deliver(SinkItem item);

    /// <summary>There is nothing to deliver, or nothing can be delivered now: time for everything else.</summary>
    /// <param name="isEmpty">Nothing waits.</param>
    /// <returns>After how long to call again, when nothing happens before; null: not at all, and
    /// when stopping: what is left will not be delivered any more.</returns>
    protected abstract TimeSpan? Idle(bool isEmpty);

    /// <summary>The last call on the thread.</summary>
    protected abstract void Close();

    /// <summary>The thread did not end in time: whatever blocks it is to fail now. On another thread.</summary>
    protected virtual void Interrupt()
    {
    }

    private void Add(SinkItemKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, uint picture)
    {
        Counters.Accepted();
        bool isQueued = !(kind is SinkItemKind.Event && _late.Has(name)) && _ring.TryAdd(kind, name, json, picture);
        bool isLost = !isQueued && (kind is SinkItemKind.Result || _late.Replace(name, json, picture));
        if (isLost) Counters.HadNoRoom();
        else _wake.Set();
    }

    // There until the next call.
    private ReadOnlySpan<byte> Name(string? camera, string rule)
    {
        int length = 0;
        if (camera is not null)
        {
            length = Encoding.UTF8.GetBytes(camera, _name);
            _name[length++] = SinkItem.CameraEnd;
        }

        return _name.AsSpan(0, length + Encoding.UTF8.GetBytes(rule, _name.AsSpan(length)));
    }

    private long Waiting => _ring.Count + _late.Count;

    private void Work()
    {
        bool isHeld = false;
        while (true)
        {
            _wake.Reset();
            bool isBlocked = false;
            while (!isBlocked && (isHeld || _ring.TryTake(_item) || _late.TryTake(_item)))
            {
                Volatile.Write(ref _holds, 1);
                isBlocked = isHeld = !Deliver(_item);
                Volatile.Write(ref _holds, isHeld ? 1 : 0);
                isBlocked |= _isStopping && IsTimeUp;
            }

            bool isEmpty = !isHeld && Waiting == 0;
            if (isEmpty) Counters.IsEmpty();
            var again = Idle(isEmpty);
            if (!isBlocked && Waiting > 0) continue;
            if (_isStopping && (again is null || IsTimeUp || (Waiting == 0 && !isHeld && (Held == 0 || IsHeldForGood)))) break;
            if (again is { } wait) Context.Time.Wait(_wake, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            else _wake.Wait();
        }

        Close();
        Counters.Dropped(Waiting + _holds + (IsHeldForGood ? 0 : Held));
    }

    private bool IsTimeUp => Environment.TickCount64 >= Volatile.Read(ref _stopBy);
}
