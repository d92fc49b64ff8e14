namespace ResNetEdge.Service.Outputs;

/// <summary>
/// JSON lines into a file or to stdout. At most once: lines that cannot be written, because the disk is full or the reader gone, are dropped
/// and counted, and the next ones are tried again.
/// </summary>
internal sealed class JsonLinesSink : QueuedSink
{
    private const int MostPending = 64 << 10;
    private readonly ILineFile _file;
    private byte[] _lines = new byte[MostPending];
    private int _length;
    private int _items;

    /// <summary>Starts the thread that writes to the file.</summary>
    /// <param name="settings">Its own.</param>
    /// <param name="context">What sinks share.</param>
    /// <param name="file">Where lines go; disposed with the sink.</param>
    public JsonLinesSink(JsonLinesSettings settings, SinkContext context, ILineFile file) : base(settings, settings.Feed, context)
    {
        _file = file;
        Start();
    }

    /// <inheritdoc/>
    protected override long Held => Volatile.Read(ref _items);

    /// <inheritdoc/>
    protected override bool Deliver(SinkItem item)
    {
        int needed = item.Json.Length + 1;
        if (_length + needed > MostPending) Write();
        if (needed > _lines.Length) Array.Resize(ref _lines, needed);
        item.Json.CopyTo(_lines.AsSpan(_length));
        _lines[_length + needed - 1] = (byte)'\n';
        _length += needed;
        Volatile.Write(ref _items, _items + 1);
        return true;
    }

    /// <inheritdoc/>
    protected override TimeSpan? Idle(bool isEmpty)
    {
        Write();
        return null;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        Write();
        Try(_file.Dispose);
    }

    private void Write()
    {
        if (_length == 0) return;
        int items = _items;
        if (Try(() => _file.Write(_lines.AsSpan(0, _length)))) Counters.Delivered(items);
        else Counters.Dropped(items);
        _length = 0;
        Volatile.Write(ref _items, 0);
    }

    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Counters.Failed(e.Message);
            return false;
        }
    }
}
