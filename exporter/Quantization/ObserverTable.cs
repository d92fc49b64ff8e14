namespace ResNetEdge.Exporter.Quantization;

/// <summary>The calibration methods by the name that <c>--calibrate-by</c> takes. The first is the default.</summary>
internal static class ObserverTable
{
    /// <summary>One entry per method.</summary>
    public static readonly ObserverEntry[] Entries =
    [
        new("mse", static () => new MseObserver()),
        new("percentile", static () => new PercentileObserver(0.9999)),
        new("entropy", static () => new EntropyObserver()),
        new("moving-average", static () => new MovingAverageObserver()),
        new("min-max", static () => new MinMaxObserver()),
    ];

    /// <summary>The method of that name, or null.</summary>
    public static ObserverEntry? Find(string name) => Array.Find(Entries, entry => entry.Name == name);
}

/// <summary>A calibration method.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Create">A fresh observer for one value.</param>
internal sealed record ObserverEntry(string Name, Func<Observer> Create);
