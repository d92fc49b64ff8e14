using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Service.Pictures;

/// <summary>
/// Makes JPEGs of the frames that turned a rule on, for outputs that send or keep them. The frame thread shows each frame while it decides, and pays
/// for one copy of it when an output asks; a thread of this object's own makes the pictures, one at a time. At most <see cref="MostWaiting"/>
/// frames wait: what finds no room has no picture.
/// </summary>
/// <param name="log">For people.</param>
internal sealed class PictureDesk(Log log) : IDisposable
{
    /// <summary>Frames that are held at most until their pictures are made.</summary>
    public const int MostWaiting = 4;

    private readonly Lock _turn = new();
    private readonly Queue<HeldFrame> _waiting = new();
    private readonly ManualResetEventSlim _wake = new();
    private Frame _shown; // by the frame thread, as are the next two
    private bool _isShown;
    private HeldFrame? _held;
    private Thread? _thread;
    private string? _lastComplaint;
    private volatile bool _isStopping;

    /// <summary>Pictures may be asked of this frame, until <see cref="Hide"/>. Frame thread.</summary>
    /// <param name="frame">Not released before that.</param>
    public void Show(in Frame frame) => (_shown, _isShown) = (frame, true);

    /// <summary>The frame is going to be released; what was asked of it is made now. Frame thread.</summary>
    public void Hide()
    {
        (_shown, _isShown) = (default, false);
        if (_held is not { } held) return;
        _held = null;
        lock (_turn) _waiting.Enqueue(held);
        if (_thread is null)
        {
            _thread = new Thread(Work) { Name = "pictures", IsBackground = true };
            _thread.Start();
        }

        _wake.Set();
    }

    /// <summary>Asks for a picture of the frame that is shown. Frame thread; copies the frame when it is the first who asks.</summary>
    /// <returns>Null: no frame is shown, or too many wait.</returns>
    public EventPicture? Ask(PictureForm form)
    {
        if (!_isShown) return null;
        if (_held is null)
        {
            lock (_turn)
            {
                if (_waiting.Count >= MostWaiting) return null;
            }

            _held = new HeldFrame();
            _held.Snapshot.Take(_shown);
        }

        if (_held.Pictures.Find(p => p.Form == form) is { } same) return same;
        var picture = new EventPicture(form);
        _held.Pictures.Add(picture);
        return picture;
    }

    /// <summary>Ends the thread; who waits for a picture is told that there is none.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _thread?.Join();
        while (_waiting.TryDequeue(out var held)) held.Dispose();
        _held?.Dispose();
    }

    private void Work()
    {
        while (!_isStopping)
        {
            _wake.Reset();
            while (!_isStopping && Next() is { } held)
            {
                foreach (var picture in held.Pictures) picture.Set(Make(held, picture.Form));
                lock (_turn) _waiting.Dequeue();
                held.Dispose();
            }

            if (!_isStopping) _wake.Wait();
        }
    }

    // It waits in the queue until it is made, so that it counts.
    private HeldFrame? Next()
    {
        lock (_turn) return _waiting.TryPeek(out var held) ? held : null;
    }

    private byte[]? Make(HeldFrame held, PictureForm form)
    {
        string? whyNot;
        try
        {
            byte[]? jpeg = held.Snapshot.ToJpeg(form.Jpeg, out whyNot);
            if (jpeg is { Length: <= PictureForm.MostBytes }) return jpeg;
            whyNot ??= $"the picture has {jpeg?.Length} bytes, more than {PictureForm.MostBytes}: set a smaller 'picture_width'";
        }
        catch (Exception e) when (e is EdgeException or InsufficientMemoryException)
        {
            whyNot = e.Message;
        }

        if (whyNot != _lastComplaint) log.Warning("an event has no picture", ("reason", _lastComplaint = whyNot));
        return null;
    }

    private sealed class HeldFrame : IDisposable
    {
        public FrameSnapshot Snapshot { get; } = new();

        public List<EventPicture> Pictures { get; } = [];

        public void Dispose()
        {
            foreach (var picture in Pictures) picture.Set(null); // those that were not made
            Snapshot.Dispose();
        }
    }
}
