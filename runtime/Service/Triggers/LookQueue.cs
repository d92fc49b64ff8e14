using ResNetEdge.Service.Cameras;

namespace ResNetEdge.Service.Triggers;

/// <summary>
/// Requests that wait for a look, a few at most for each camera: triggers put them in, a camera's frame thread takes all that are for it, as one look
/// answers everybody.
/// </summary>
/// <param name="wake">Ends the frame threads' sleep; called on the trigger's thread.</param>
/// <param name="cameras">Their names, in the order of the configuration; empty: one without a name.</param>
internal sealed class LookQueue(Action wake, IReadOnlyList<string> cameras)
{
    /// <summary>More do not wait for a camera: whoever asks so often is answered by the looks that are under way.</summary>
    public const int Most = 16;

    private readonly Lock _turn = new();
    private readonly string?[] _cameras = cameras.Count == 0 ? [null] : [.. cameras];
    private readonly List<LookRequest>[] _waiting = [.. Enumerable.Range(0, Math.Max(cameras.Count, 1)).Select(static _ => new List<LookRequest>())];

    /// <summary>How many answers a request has: one of each camera that it is for.</summary>
    public int Answers(CameraChoice choice) => _cameras.Count(choice.Has);

    /// <summary>Asks for a look; from any thread.</summary>
    /// <returns>False: too many wait for one of the cameras, and no camera will look.</returns>
    public bool Ask(LookRequest request)
    {
        lock (_turn)
        {
            var asked = _waiting.Where((_, camera) => request.Cameras.Has(_cameras[camera])).ToList();
            if (asked.Any(static waiting => waiting.Count >= Most)) return false;
            asked.ForEach(waiting => waiting.Add(request));
        }

        wake();
        return true;
    }

    /// <summary>Takes all that wait for a camera.</summary>
    /// <param name="camera">Its place in the configuration, from 0.</param>
    /// <param name="requests">To which they are added.</param>
    public void TakeInto(int camera, List<LookRequest> requests)
    {
        lock (_turn)
        {
            requests.AddRange(_waiting[camera]);
            _waiting[camera].Clear();
        }
    }
}
