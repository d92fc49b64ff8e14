namespace ResNetEdge.Service.Triggers;

/// <summary>Requests that wait for a look, a few at most: triggers put them in, the frame thread takes them all, as one look answers
/// everybody.</summary>
/// <param name="wake">Ends the frame thread's sleep; called on the trigger's thread.</param>
internal sealed class LookQueue(Action wake)
{
    /// <summary>More do not wait: whoever asks so often is answered by the looks that are under way.</summary>
    public const int Most = 16;

    private readonly Lock _turn = new();
    private readonly List<LookRequest> _waiting = [];

    /// <summary>Asks for a look; from any thread.</summary>
    /// <returns>False: too many wait.</returns>
    public bool Ask(LookRequest request)
    {
        lock (_turn)
        {
            if (_waiting.Count >= Most) return false;
            _waiting.Add(request);
        }

        wake();
        return true;
    }

    /// <summary>Takes all that wait.</summary>
    public void TakeInto(List<LookRequest> requests)
    {
        lock (_turn)
        {
            requests.AddRange(_waiting);
            _waiting.Clear();
        }
    }
}
