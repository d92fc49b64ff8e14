namespace ResNetEdge.Service.Rules;

/// <summary>Counts what a limit lets through: never more than so many in any time of its length. For the frame thread.</summary>
/// <param name="limit">Of the rule.</param>
internal sealed class RuleLimit(AtMost limit)
{
    private readonly TimeSpan[] _let = new TimeSpan[limit.Count]; // when, a ring
    private long _count;

    /// <summary>Whether one more is let through now; then it counts.</summary>
    /// <param name="now">On the monotonic clock, never before the last one.</param>
    public bool TryPass(TimeSpan now)
    {
        int oldest = (int)(_count % _let.Length);
        if (_count >= _let.Length && now - _let[oldest] < limit.Per) return false;
        _let[oldest] = now;
        _count++;
        return true;
    }
}
