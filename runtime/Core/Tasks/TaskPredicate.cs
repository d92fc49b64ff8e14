namespace ResNetEdge.Tasks;

/// <summary>What one rule watches in the results of one model: a score a frame, which the rule compares with its threshold. For one thread.</summary>
internal abstract class TaskPredicate
{
    /// <summary>How much a result speaks for what is watched. Allocates nothing.</summary>
    /// <param name="result">Of the task that made this predicate.</param>
    /// <param name="what">What had the score, for <see cref="NameOf"/>; -1 when nothing had one.</param>
    /// <returns>Higher is more; for classes a probability. Negative infinity when nothing had a score: it reaches no threshold.</returns>
    public abstract float Score(TaskResult result, out int what);

    /// <summary>The name of what had a score, for events and logs.</summary>
    /// <param name="what">As <see cref="Score"/> gave it; at least 0.</param>
    public abstract string NameOf(int what);
}
