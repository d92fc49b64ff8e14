using ResNetEdge.Kernels;

namespace ResNetEdge.Tests.Unit.Runtime.Kernels;

/// <summary>Runs a table's entries; a tier that this machine lacks is a skipped test with its reason.</summary>
internal static class KernelCases
{
    /// <summary>Every entry of a table as theory data, so that a new line is tested without another.</summary>
    public static IEnumerable<object[]> Names<TProblem>(IReadOnlyList<KernelEntry<TProblem>> table) => table.Select(entry => new object[] { entry.Name });

    public static KernelEntry<TProblem> Find<TProblem>(IReadOnlyList<KernelEntry<TProblem>> table, string name)
    {
        var entry = table.Single(candidate => candidate.Name == name);
        Skip.If(!entry.Tier.IsAvailable, $"{name} needs the tier {entry.Tier}: {entry.Tier.Obstacle}");
        return entry;
    }

    /// <summary>Runs all parts, last first, since their order must not matter.</summary>
    public static unsafe void RunParts(PreparedKernel kernel, TestArena arena, int parts)
    {
        for (int part = parts - 1; part >= 0; part--)
            kernel.Run(arena.Base, part, parts);
    }

    /// <summary>Runs reference and kernel on copies of an arena and compares every byte.</summary>
    public static void AssertEqual(TestArena arena, PreparedKernel reference, PreparedKernel kernel, int parts, string description)
    {
        using (reference)
        using (kernel)
        {
            using var expected = arena.Copy();
            using var actual = arena.Copy();
            RunParts(reference, expected, 1);
            RunParts(kernel, actual, parts);
            int same = expected.Bytes.CommonPrefixLength(actual.Bytes);
            Assert.True(same == expected.Bytes.Length, $"{kernel.Name} differs at byte {same}, parts {parts}: {description}");
        }
    }
}
