using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Service.Pictures;

/// <summary>
/// Makes JPEGs of the frames that turned a rule on, for outputs that send or keep them. A frame thread shows each frame while it decides, and pays
/// for one copy of it when an output asks; a thread of this object's own makes the pictures, one at a time. At most <see cref="MostWaiting"/>
/// frames wait: what finds no room has no picture.
/// </summary>
/// <param name="log">For people.</param>
/// <param name="cameras">Names of the cameras, each with a frame thread; empty: the one that has no name.</param>
internal sealed class PictureDesk(Log log, IReadOnlyList<string> cameras) : IDisposable
{
    /// <summary>Frames that are held at most until their pictures are made.</summary>
    public const int MostWaiting = 4;

    private readonly Lock _turn = new();
    private readonly Queue<HeldFrame> _waiting = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly Place[] _places = [.. Enumerable.Range(0, Math.Max(cameras.Count, 1)).Select(static _ => new Place())];
    private Thread? _thread; // started by the first who needs it
    private string? _lastComplaint;
    private volatile bool _isStopping;

    /// <summary>Pictures may be asked of this frame, until <see cref="Hide"/>. Frame thread.</summary>
    /// <param name="camera">Its place in the configuration, from 0.</param>
    /// <param name="frame">Not released before that.</param>
    public void Show(int camera, in Frame frame) => (_places[camera].Shown, _places[camera].IsShown) = (frame, true);

    /// <summary>The frame is going to be released; what was asked of it is made now. Frame thread.</summary>
    /// <param name="camera">Its place in the configuration, from 0.</param>
    public void Hide(int camera)
    {
        var place = _places[camera];
        (place.Shown, place.IsShown) = (default, false);
        if (place.Held is not { } held) return;
        place.Held = null;
        lock (_turn)
        {
            _waiting.Enqueue(held);
            if (_thread is null)
            {
                _thread = new Thread(Work) { Name = "pictures", IsBackground = true };
                _thread.Start();
            }
        }

        _wake.Set();
    }

    /// <summary>Asks for a picture of the frame that is shown. Frame thread; copies the frame when it is the first who asks.</summary>
    /// <param name="camera">By name; null: the one that has none.</param>
    /// <param name="form">Size and quality.</param>
    /// <returns>Null: no frame is shown, or too many wait.</returns>
    public EventPicture? Ask(string? camera, PictureForm form)
    {
        var place = PlaceOf(camera);
        if (!place.IsShown) return null;
        if (place.Held is not { } held)
        {
            lock (_turn)
            {
                if (_waiting.Count >= MostWaiting) return null;
            }

            place.Held = held = new HeldFrame();
            held.Snapshot.Take(place.Shown);
        }

        if (held.Pictures.Find(p => p.Form == form) is { } same) return same;
        var picture = new EventPicture(form);
        held.Pictures.Add(picture);
        return picture;
    }

    /// <summary>Ends the thread; who waits for a picture is told that there is none.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _thread?.Join();
        while (_waiting.TryDequeue(out var held)) held.Dispose();
        foreach (var place in _places) place.Held?.Dispose();
    }

    private Place PlaceOf(string? camera)
    {
        int i = 0;
        while (camera is not null && cameras[i] != camera) i++;
        return _places[i];
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

    // Of one camera, for its frame thread.
    private sealed class Place
    {
        public Frame Shown { get; set; }

        public bool IsShown { get; set; }

        public HeldFrame? Held { get; set; }
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
