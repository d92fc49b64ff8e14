namespace ResNetEdge.Exporter.Progress;

/// <summary>Where a long job tells people how far it is. Given to those who work, never global; one job at a time.</summary>
internal abstract class ProgressDisplay
{
    /// <summary>Shows no progress.</summary>
    public static ProgressDisplay None { get; } = new SilentDisplay();

    /// <summary>Begins a job; disposing what is returned ends it, done or not.</summary>
    /// <param name="what">What is being done, for people: <c>calibrating</c>.</param>
    /// <param name="total">Steps; at least 1.</param>
    /// <param name="unit">What a step is, in the plural: <c>pictures</c>.</param>
    public abstract ProgressJob Begin(string what, int total, string unit);

    private sealed class SilentDisplay : ProgressDisplay
    {
        public override ProgressJob Begin(string what, int total, string unit) => new SilentJob();
    }

    private sealed class SilentJob : ProgressJob
    {
        protected override void Show(int done)
        {
        }
    }
}

/// <summary>One job on a display. Any thread may count.</summary>
internal abstract class ProgressJob : IDisposable
{
    private readonly Lock _turn = new();
    private int _done;

    /// <summary>One more step is done.</summary>
    public void Step()
    {
        lock (_turn) Show(++_done);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn) End();
    }

    /// <summary>Called after each step; decides for itself how often people want to know.</summary>
    /// <param name="done">Steps done, 1 and up.</param>
    protected abstract void Show(int done);

    /// <summary>Called once at the end.</summary>
    protected virtual void End()
    {
    }
}
