using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>Runs a table's entries; a tier that this machine lacks is a skipped test with its reason.</summary>
internal static class KernelCases
{
    /// <summary>Every kernel for a kind of problem as theory data, so that a new line is tested without another.</summary>
    public static IEnumerable<object[]> Names<TProblem>() where TProblem : StepProblem =>
        KernelTable.Of<TProblem>().Select(entry => new object[] { entry.Name });

    /// <summary>How many of <paramref name="cases"/> random problems are run: a fifth on Arm, which is nearly always emulated.</summary>
    public static int Some(int cases) => ArmBase.Arm64.IsSupported ? cases / 5 : cases;

    public static KernelEntry<TProblem> Find<TProblem>(string name) where TProblem : StepProblem
    {
        var entry = KernelTable.Of<TProblem>().Single(candidate => candidate.Name == name);
        Skip.If(!entry.Tier.IsAvailable, $"{name} needs the tier {entry.Tier}: {entry.Tier.Obstacle}");
        return entry;
    }

    /// <summary>Compares a kernel with the last fit of its kind, the reference, on random problems; every byte of the arena must agree.</summary>
    /// <param name="name">The kernel.</param>
    /// <param name="make">Makes a problem and reserves its memory.</param>
    /// <param name="floats">Fill the arena with finite floats; otherwise with random bytes, which as floats are anything, NaN included.</param>
    /// <param name="halves">Fill the arena with finite halves.</param>
    public static void AssertAllEqual<TProblem>(
        string name, Func<Random, TestArena, TProblem> make, Func<TProblem, bool>? floats = null, Func<TProblem, bool>? halves = null)
        where TProblem : StepProblem
    {
        var entry = Find<TProblem>(name);
        int run = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = make(random, arena);
            if (!entry.CanRun(problem))
                continue;
            arena.Create(floats: false);
            if (floats?.Invoke(problem) ?? false)
                arena.FillFloats();
            if (halves?.Invoke(problem) ?? false)
                arena.FillHalves();
            var reference = KernelTable.Of<TProblem>().Last(candidate => candidate.CanRun(problem));
            AssertEqual(arena, reference.Create(problem), entry.Create(problem), 1 + seed % 3, $"seed {seed}, {problem}");
            run++;
        }

        Assert.True(run > 10, $"only {run} problems were within reach of {name}");
    }

    /// <summary>Random sizes with one to many channels.</summary>
    public static NhwcShape Shape(Random random) =>
        new(random.Next(4) == 0 ? 2 : 1, random.Next(1, 12), random.Next(1, 20), random.Next(2) == 0 ? random.Next(1, 6) : random.Next(1, 140));

    /// <summary>Runs all parts, last first, since their order must not matter.</summary>
    public static unsafe void RunParts(PreparedKernel kernel, TestArena arena, int parts)
    {
        for (int part = parts - 1; part >= 0; part--)
            kernel.Run(arena.Base, part, parts);
    }

    /// <summary>Runs reference and kernel on copies of an arena and compares every byte; running must not allocate.</summary>
    public static void AssertEqual(
        TestArena arena, PreparedKernel reference, PreparedKernel kernel, int parts, string description, Scratch? scratch = null)
    {
        using (reference)
        using (kernel)
        {
            using var expected = arena.Copy();
            RunParts(reference, expected, 1);
            using var actual = RunWithoutAllocating(arena, kernel, parts, description);
            if (scratch is { } s)
                expected.Bytes.Slice((int)s.Offset, (int)s.Bytes).CopyTo(actual.Bytes[(int)s.Offset..]);
            int same = expected.Bytes.CommonPrefixLength(actual.Bytes);
            Assert.True(same == expected.Bytes.Length, $"{kernel.Name} differs at byte {same}, parts {parts}: {description}");
        }
    }

    /// <summary>
    /// The arena after a run that allocated nothing. Under load one run in many thousands was charged with bytes that are not the
    /// kernel's (the scalar one's too; the cause is not known), so one of a few must be clean; a kernel that allocates does so in all.
    /// </summary>
    public static TestArena RunWithoutAllocating(TestArena arena, PreparedKernel kernel, int parts, string description)
    {
        const int Runs = 5;
        using (var warmUp = arena.Copy())
            RunParts(kernel, warmUp, parts);
        for (int run = 0; run < Runs; run++)
        {
            var copy = arena.Copy();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            RunParts(kernel, copy, parts);
            if (GC.GetAllocatedBytesForCurrentThread() == allocated)
                return copy;
            copy.Dispose();
        }

        throw new InvalidOperationException($"{kernel.Name} allocates while it runs: {description}");
    }
}
