using System.Globalization;

namespace ResNetEdge.Tests.Unit.Fuzz;

/// <summary>
/// What the environment asks of every fuzzing test: RESNETEDGE_FUZZ cases instead of the few of the quick gate, from RESNETEDGE_FUZZ_FIRST on.
/// </summary>
internal static class FuzzSettings
{
    /// <summary>First seed; 0 when nothing is said.</summary>
    public static int First => Number("RESNETEDGE_FUZZ_FIRST", 0);

    /// <summary>Number of cases.</summary>
    /// <param name="quick">When nothing is said.</param>
    public static int Count(int quick) => Number("RESNETEDGE_FUZZ", quick);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : otherwise;
}
