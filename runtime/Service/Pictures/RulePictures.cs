namespace ResNetEdge.Service.Pictures;

/// <summary>
/// The pictures of an output that wait together with their events: at most one for each rule. A newer one takes the place of an older one, whose
/// event then goes without. The frame thread asks, the output's thread takes.
/// </summary>
/// <param name="desk">Makes them.</param>
/// <param name="form">Of this output.</param>
internal sealed class RulePictures(PictureDesk desk, PictureForm form)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<(string? Camera, string Rule), (uint Number, EventPicture Picture)> _held = [];
    private uint _last;
    private long _missing;

    /// <summary>Events that go without their picture: none could be made, or a newer one took its place.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    /// <summary>Asks for a picture of the frame that is being decided on. Frame thread.</summary>
    /// <param name="camera">Whose frame it is; null: the one that has no name.</param>
    /// <param name="rule">That turned on.</param>
    /// <returns>Its number, for <see cref="Take"/>; 0: there is none.</returns>
    public uint Ask(string? camera, string rule)
    {
        if (desk.Ask(camera, form) is not { } picture)
        {
            Interlocked.Increment(ref _missing);
            return 0;
        }

        lock (_turn)
        {
            if (_held.ContainsKey((camera, rule))) Interlocked.Increment(ref _missing);
            if (++_last == 0) _last = 1; // 0 is none
            _held[(camera, rule)] = (_last, picture);
            return _last;
        }
    }

    /// <summary>Takes a picture out; waits while it is being made. The output's thread.</summary>
    /// <param name="number">From <see cref="Ask"/>; 0: none.</param>
    /// <returns>Null: there is none.</returns>
    public byte[]? Take(uint number)
    {
        if (number == 0) return null;
        EventPicture? picture = null;
        lock (_turn)
        {
            foreach (var (subject, held) in _held)
            {
                if (held.Number != number) continue;
                picture = held.Picture;
                _held.Remove(subject);
                break;
            }
        }

        if (picture is null) return null; // counted when it gave way
        byte[]? jpeg = picture.Wait();
        if (jpeg is null) Interlocked.Increment(ref _missing);
        return jpeg;
    }
}
