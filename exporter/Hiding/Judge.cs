using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Metrics;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>Measures shortened networks beside the whole one, on pictures that choose nothing.</summary>
internal sealed class Judge
{
    private readonly Pictures _pictures;
    private readonly int[] _classes;
    private readonly int _threads;
    private readonly EvaluationResult _whole;

    /// <summary>Asks the whole network.</summary>
    /// <param name="pictures">Stay the caller's.</param>
    /// <param name="classes">The right class of each.</param>
    /// <param name="network">The whole network.</param>
    /// <param name="threads">Pictures at a time.</param>
    /// <exception cref="EdgeException">Exit 3: a picture that cannot be read, or a class that the network lacks.</exception>
    public Judge(Pictures pictures, int[] classes, Graph network, int threads)
    {
        (_pictures, _classes, _threads) = (pictures, classes, threads);
        _whole = Ask(network);
    }

    /// <summary>Why the folders' names do not seem to fit the network; null when they do.</summary>
    public string? DoubtOf(IReadOnlyList<string> labels) => LabelCheck.Find(_whole, _whole.Answers, labels);

    /// <summary>A shortened network's right answers; the reference is the whole one.</summary>
    public Accuracy Of(Graph network) => new EvaluationResult(_whole.Classes, _classes, Ask(network).Answers, _whole.Answers).Accuracy;

    private EvaluationResult Ask(Graph network)
    {
        using var pool = GraphEngine.LoadPool(network, _threads);
        return Evaluator.Run(pool.Engines, null, _pictures, _classes, ProgressDisplay.None);
    }
}
