using Spectre.Console;

namespace ResNetEdge.Exporter.Progress;

/// <summary>Progress on a terminal: a bar with the time left, which goes when the job ends.</summary>
/// <param name="console">Of stderr.</param>
internal sealed class SpectreDisplay(IAnsiConsole console) : ProgressDisplay
{
    /// <inheritdoc/>
    public override ProgressJob Begin(string what, int total, string unit) =>
        new Job(console, Markup.Escape(PrintableText.Line($"{what}, {total} {unit}")), Math.Max(1, total));

    // Spectre runs a job from begin to end inside one call; here that call waits on the side until the work, which is elsewhere, is over.
    private sealed class Job : ProgressJob
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ProgressTask> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _display;
        private readonly ProgressTask? _task;

        public Job(IAnsiConsole console, string what, int total)
        {
            _display = Task.Run(() => console.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async context =>
                {
                    _begun.SetResult(context.AddTask(what, maxValue: total));
                    await _end.Task.ConfigureAwait(false);
                }));
            // Whichever comes first: a display that cannot be begun has failed by then, and says so here.
            if (Task.WhenAny(_begun.Task, _display).GetAwaiter().GetResult() == _display) _display.GetAwaiter().GetResult();
            _task = _begun.Task.GetAwaiter().GetResult();
        }

        protected override void Show(int done) => _task!.Value = done;

        protected override void End()
        {
            if (_end.TrySetResult()) _display.GetAwaiter().GetResult();
        }
    }
}
