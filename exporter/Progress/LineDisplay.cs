namespace ResNetEdge.Exporter.Progress;

/// <summary>Progress where no line can be drawn again, in a file or a log: a plain line now and then, with the time left.</summary>
/// <param name="writer">Where to, stderr as a rule.</param>
/// <param name="time">The clock.</param>
internal sealed class LineDisplay(TextWriter writer, TimeProvider time) : ProgressDisplay
{
    // A job that is over sooner than this is never spoken of.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override ProgressJob Begin(string what, int total, string unit) => new Job(writer, time, what, Math.Max(1, total), unit);

    private sealed class Job(TextWriter writer, TimeProvider time, string what, int total, string unit) : ProgressJob
    {
        private readonly long _begin = time.GetTimestamp();
        private long _last = time.GetTimestamp();

        protected override void Show(int done)
        {
            if (time.GetElapsedTime(_last) < Pause) return;
            _last = time.GetTimestamp();
            string left = done >= total ? "" : $", {Words(time.GetElapsedTime(_begin) / done * (total - done))} left";
            writer.WriteLine($"{what}: {done} of {total} {unit} ({100L * done / total} %){left}");
        }

        private static string Words(TimeSpan left) =>
            left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min"
                : left.TotalMinutes >= 1 ? $"{left.Minutes} min {left.Seconds} s"
                : $"{Math.Ceiling(left.TotalSeconds):f0} s";
    }
}
