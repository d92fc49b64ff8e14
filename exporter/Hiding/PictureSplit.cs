namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Pictures to choose blocks with, and pictures to judge the result on: never the same. Of each class the first, third, ... picture chooses and the
/// second, fourth, ... judges, in the folder's order, so that both halves hold every class alike and the same folder always gives the same halves.
/// </summary>
/// <param name="Choosing">Numbers of pictures.</param>
/// <param name="Judging">Numbers of pictures.</param>
internal sealed record PictureSplit(IReadOnlyList<int> Choosing, IReadOnlyList<int> Judging)
{
    /// <summary>Splits a folder.</summary>
    /// <param name="classes">The class of each picture.</param>
    /// <param name="directory">Named in the refusal.</param>
    /// <exception cref="EdgeException">Exit 3: no class has two pictures.</exception>
    public static PictureSplit Of(IReadOnlyList<int> classes, string directory)
    {
        List<int> choosing = [], judging = [];
        var seen = new Dictionary<int, int>();
        for (int i = 0; i < classes.Count; i++)
        {
            int before = seen.GetValueOrDefault(classes[i]);
            (before % 2 == 0 ? choosing : judging).Add(i);
            seen[classes[i]] = before + 1;
        }

        if (judging.Count == 0)
            throw EdgeException.BadInput($"{directory}: no class has two pictures, one to choose with and one to measure on; "
                + "give more, or separate pictures to choose with (--choose DIR)");
        return new(choosing, judging);
    }
}
