using System.Globalization;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Whether the folders' names fit the network: accuracy measured on wrong labels means nothing, whatever it is compared with.</summary>
internal static class LabelCheck
{
    /// <summary>The option that goes on all the same.</summary>
    public const string Option = "--accept-labels";

    private const int EnoughPictures = 20, EnoughOfAClass = 5, NamedPairs = 4;

    /// <summary>What is wrong, as a sentence; null when nothing is, or when there are too few pictures to tell.</summary>
    /// <param name="result">An evaluation.</param>
    /// <param name="answers">Of the float network: what int8 does to it is another question.</param>
    /// <param name="labels">Class names.</param>
    public static string? Find(EvaluationResult result, IReadOnlyList<Answer> answers, IReadOnlyList<string> labels)
    {
        int[][] confusion = result.Confusion(answers);
        return FindExchange(confusion, labels) ?? FindChance(confusion, labels);
    }

    /// <summary>Refuses an evaluation whose labels do not fit.</summary>
    /// <param name="result">An evaluation.</param>
    /// <param name="answers">Of the float network.</param>
    /// <param name="labels">Class names.</param>
    /// <param name="accepts">Whether the user has accepted it: then it is only said.</param>
    /// <param name="log">Words for people.</param>
    /// <exception cref="EdgeException">Exit 4.</exception>
    public static void Require(EvaluationResult result, IReadOnlyList<Answer> answers, IReadOnlyList<string> labels, bool accepts, Action<string> log)
    {
        if (Find(result, answers, labels) is not { } sentence) return;
        if (!accepts) throw EdgeException.Refused($"{sentence}; nothing was written. If this is intended, pass {Option}");
        log($"warning: {sentence}");
    }

    // Classes most of whose pictures are called by one other class's name, and no two by the same: an exchange. A weak class that is taken for a
    // similar one shares that name with the class it belongs to, and so is none.
    private static string? FindExchange(int[][] confusion, IReadOnlyList<string> labels)
    {
        var called = new List<(int Label, int Name, int Count, int Images)>();
        for (int label = 0; label < confusion.Length; label++)
        {
            int images = confusion[label].Sum(), most = confusion[label].Max();
            if (images >= EnoughOfAClass && 2 * most > images) called.Add((label, Array.IndexOf(confusion[label], most), most, images));
        }

        var moved = called.Where(c => c.Name != c.Label && called.Count(other => other.Name == c.Name) == 1).ToList();
        // Only when the class whose name is used has moved away itself, or has no pictures here.
        moved.RemoveAll(c => confusion[c.Name].Sum() > 0 && !moved.Exists(other => other.Label == c.Name));
        if (moved.Count < 2) return null;
        string pairs = string.Join(", ",
            moved.Take(NamedPairs).Select(c => $"pictures in '{labels[c.Label]}' are classified as '{labels[c.Name]}' ({c.Count} of {c.Images})"))
            + (moved.Count > NamedPairs ? $" and {moved.Count - NamedPairs} more" : "");
        return $"the labels do not match the fp32 network: {pairs}; correct the folder names, or the order of --labels";
    }

    // Right no more often than if folder and answer had nothing to do with each other (Cohen's kappa of 0).
    private static string? FindChance(int[][] confusion, IReadOnlyList<string> labels)
    {
        double images = confusion.Sum(row => row.Sum());
        if (images < EnoughPictures || confusion.Count(row => row.Sum() > 0) < 2) return null;
        int right = Enumerable.Range(0, confusion.Length).Sum(c => confusion[c][c]);
        double chance = Enumerable.Range(0, confusion.Length).Sum(c => confusion[c].Sum() / images * (confusion.Sum(row => row[c]) / images));
        var (low, high) = WilsonInterval.Of(right, (int)images);
        if (low > chance) return null;
        int[] said = [.. Enumerable.Range(0, confusion.Length).Where(c => confusion.Any(row => row[c] > 0))];
        string cause = said.Length == 1
            ? $"it classifies every picture as '{labels[said[0]]}', so its preprocessing differs from training "
                + "(--mean, --std, --input) or it is damaged"
            : "the pictures are in the wrong folders, --labels are in a different order, or the preprocessing differs "
                + "from training (--mean, --std, --input)";
        return string.Create(CultureInfo.InvariantCulture,
            $"the fp32 network is right on {right} of {images} pictures, {100 * right / images:f1} % (95 % interval {100 * low:f1} to "
                + $"{100 * high:f1} %), no better than chance, {100 * chance:f1} %: {cause}");
    }
}
