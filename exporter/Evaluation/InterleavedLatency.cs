using System.Diagnostics;
using ResNetEdge.Engines;
using ResNetEdge.Metrics;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Times networks in turns, one inference each, so that whatever disturbs the machine disturbs all alike. One thread.</summary>
internal static class InterleavedLatency
{
    private const int WarmUps = 3, MostRounds = 2000;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2); // of timed rounds, all networks together

    /// <summary>The median duration of one inference of each network.</summary>
    /// <param name="networks">At least one.</param>
    /// <param name="feed">Writes what they see into an engine's inputs.</param>
    public static TimeSpan[] Medians(IReadOnlyList<Graph> networks, Action<IEngine> feed)
    {
        var engines = new List<IEngine>();
        try
        {
            foreach (var network in networks) engines.Add(GraphEngine.Load(network, 1));
            var samples = engines.Select(_ => new LatencyPercentiles(MostRounds)).ToArray();
            foreach (var engine in engines) feed(engine);
            var spent = TimeSpan.Zero;
            for (int round = -WarmUps; round < MostRounds && (round <= 0 || spent < Budget); round++)
            {
                for (int e = 0; e < engines.Count; e++)
                {
                    long start = Stopwatch.GetTimestamp();
                    engines[e].Run();
                    var took = Stopwatch.GetElapsedTime(start);
                    if (round < 0) continue;
                    samples[e].Add(took);
                    spent += took;
                }
            }

            return [.. samples.Select(s => s.Percentile(50))];
        }
        finally
        {
            foreach (var engine in engines) engine.Dispose();
        }
    }
}
