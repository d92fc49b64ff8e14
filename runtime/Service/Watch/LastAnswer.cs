using ResNetEdge.Tasks;

namespace ResNetEdge.Service.Watch;

/// <summary>What the network said of the last frame, for those who watch: the frame thread keeps it, any thread takes a copy.</summary>
internal sealed class LastAnswer
{
    private readonly Lock _turn = new();
    private TaskResult? _source, _kept;

    /// <summary>Keeps an answer in place of the one before. Allocates only when it comes in another object than the one before.</summary>
    public void Keep(TaskResult answer)
    {
        lock (_turn)
        {
            if (_kept is { } kept && ReferenceEquals(_source, answer)) answer.CopyTo(kept);
            else (_source, _kept) = (answer, answer.Copy());
        }
    }

    /// <summary>A copy of the answer; null before the first.</summary>
    public TaskResult? Copy()
    {
        lock (_turn) return _kept?.Copy();
    }
}
