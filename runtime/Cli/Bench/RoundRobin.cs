using ResNetEdge.Metrics;

namespace ResNetEdge.Cli.Bench;

/// <summary>Runs several engines in turns, one inference each, so that whatever disturbs the machine disturbs all alike.</summary>
internal static class RoundRobin
{
    private const int WarmUpRounds = 3;
    private const double WarmUpShare = 0.1;
    private const int MostSamples = 1 << 22;
    private static readonly TimeSpan Spinning = TimeSpan.FromMilliseconds(75);

    /// <summary>
    /// What goes between the turns of engines that have several threads each: idle threads spin before they sleep (ONNX Runtime's for some 50 ms),
    /// and the next engine would be timed while the last one's still hold its cores. Null where nobody can be disturbed so.
    /// </summary>
    public static Func<TimeSpan>? LetThreadsSleep(int engines, int threads) => engines < 2 || threads < 2 ? null : static () =>
    {
        Thread.Sleep(Spinning);
        return Spinning;
    };

    /// <summary>Warms up (three rounds and a tenth of the time, not counted), then times.</summary>
    /// <param name="engines">What to run; each returns how long its inference took.</param>
    /// <param name="budget">For the timed rounds; at least one round is made.</param>
    /// <param name="between">Called after each inference and not counted as one, e.g.
    /// <see cref="LetThreadsSleep"/>; returns how long it took; null for nothing.</param>
    /// <returns>One an engine, with equally many samples each.</returns>
    public static LatencyPercentiles[] Run(IReadOnlyList<Func<TimeSpan>> engines, TimeSpan budget, Func<TimeSpan>? between = null)
    {
        var fastestRound = TimeSpan.MaxValue;
        var spent = TimeSpan.Zero;
        for (int round = 0; round < WarmUpRounds || spent < budget * WarmUpShare; round++)
        {
            var took = TimeSpan.Zero;
            foreach (var infer in engines) took += infer() + (between?.Invoke() ?? TimeSpan.Zero);
            spent += took;
            if (took < fastestRound) fastestRound = took;
        }

        // Twice what the fastest round allows: the buffers are made before the clock runs, and end the run when they are full.
        double rounds = 2 * budget / TimeSpan.FromTicks(Math.Max(1, fastestRound.Ticks)) + 1;
        int capacity = (int)Math.Min(rounds, MostSamples);
        var latencies = new LatencyPercentiles[engines.Count];
        for (int i = 0; i < latencies.Length; i++) latencies[i] = new LatencyPercentiles(capacity);
        spent = TimeSpan.Zero;
        do
        {
            for (int i = 0; i < latencies.Length; i++)
            {
                var took = engines[i]();
                latencies[i].Add(took);
                spent += took + (between?.Invoke() ?? TimeSpan.Zero);
            }
        }
        while (spent < budget && !latencies[0].IsFull);

        return latencies;
    }
}
