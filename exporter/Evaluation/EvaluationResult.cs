using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Every answer of an evaluation, and what follows from them. The order of the pictures is the folder's, whoever computed them.</summary>
/// <param name="Classes">Number of classes.</param>
/// <param name="Labels">The right class of each picture.</param>
/// <param name="Answers">Of the network, picture by picture.</param>
/// <param name="Reference">Of the network to compare with, or null.</param>
internal sealed record EvaluationResult(int Classes, IReadOnlyList<int> Labels, IReadOnlyList<Answer> Answers, IReadOnlyList<Answer>? Reference)
{
    private const int Top = 5;

    /// <summary>The counts that a package records.</summary>
    public Accuracy Accuracy { get; } = Count(Labels, Answers, Reference);

    /// <summary>Pictures whose right class is among the five most probable.</summary>
    public int RightTop5 => Answers.Count(a => a.Place < Top);

    /// <summary>The same of the reference.</summary>
    public int? ReferenceRightTop5 => Reference?.Count(a => a.Place < Top);

    /// <summary>Whether the two networks differ in accuracy by more than chance; null without a reference.</summary>
    public PairedTest? Paired => Reference is null ? null : new(
        Enumerable.Range(0, Labels.Count).Count(i => Answers[i].Place == 0 && Reference[i].Place != 0),
        Enumerable.Range(0, Labels.Count).Count(i => Answers[i].Place != 0 && Reference[i].Place == 0));

    /// <summary>Pictures by right class and answer.</summary>
    /// <param name="answers"><see cref="Answers"/> or <see cref="Reference"/>.</param>
    /// <returns>[right class][answered class].</returns>
    public int[][] Confusion(IReadOnlyList<Answer> answers)
    {
        int[][] counts = [.. Enumerable.Range(0, Classes).Select(_ => new int[Classes])];
        for (int i = 0; i < Labels.Count; i++) counts[Labels[i]][answers[i].Class]++;
        return counts;
    }

    /// <summary>Class by class, those that occur.</summary>
    public IEnumerable<ClassCount> ByClass() => Enumerable.Range(0, Labels.Count).GroupBy(i => Labels[i]).OrderBy(g => g.Key)
        .Select(g =>
            new ClassCount(g.Key, g.Count(), g.Count(i => Answers[i].Place == 0), Reference is null ? null : g.Count(i => Reference[i].Place == 0)));

    private static Accuracy Count(IReadOnlyList<int> labels, IReadOnlyList<Answer> answers, IReadOnlyList<Answer>? reference)
    {
        var accuracy = new Accuracy();
        for (int i = 0; i < labels.Count; i++)
        {
            if (reference is null) accuracy.Add(answers[i].Class, labels[i]);
            else accuracy.Add(answers[i].Class, reference[i].Class, labels[i]);
        }

        return accuracy;
    }
}

/// <summary>Right answers within one class.</summary>
/// <param name="Class">Its place in the labels.</param>
/// <param name="Images">Pictures of it.</param>
/// <param name="Right">Those answered right.</param>
/// <param name="ReferenceRight">Those that the reference answered right; null without one.</param>
internal readonly record struct ClassCount(int Class, int Images, int Right, int? ReferenceRight);
