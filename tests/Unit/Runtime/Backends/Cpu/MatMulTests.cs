using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Product;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class MatMulTests
{
    public static IEnumerable<object[]> Names => KernelCases.Names<MatMulFp32Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Products_equal_their_reference_for_any_size_stack_and_stride(string name)
    {
        var entry = KernelCases.Find<MatMulFp32Problem>(name);
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = Make(random, arena);
            int threads = 1 + seed % 3;
            var scratch = new Scratch(arena.Reserve(entry.Scratch(problem, threads), 64), entry.Scratch(problem, threads));
            arena.Create(floats: false);
            arena.FillFloats();
            KernelCases.AssertEqual(
                arena, new MatMulFp32Reference(problem), entry.Create(problem with { Scratch = scratch }), threads,
                $"seed {seed}, {problem}", scratch);
        }
    }

    [Fact]
    public unsafe void The_reference_is_the_sum_of_products()
    {
        using var arena = new TestArena(new Random(1));
        long a = arena.Reserve(2 * 6 * 4, 4), b = arena.Reserve(6 * 4, 4), y = arena.Reserve(2 * 4 * 4, 4);
        arena.Create(floats: true);
        float[] left = [1, 2, 3, 4, 5, 6, -1, 0, 2, 0.5f, 1, -3], right = [1, 2, 3, 4, 5, 6];
        left.CopyTo(new Span<float>(arena.Base + a, left.Length));
        right.CopyTo(new Span<float>(arena.Base + b, right.Length));
        var problem = new MatMulFp32Problem
        {
            M = 2,
            K = 3,
            N = 2,
            Products = [new(24, 0, 0), new(0, 0, 16)],
            Left = a,
            Right = b,
            Output = y,
            LeftRow = 12,
            RightRow = 8,
            RightColumn = 4,
            OutputRow = 8,
        };
        problem.Check();
        KernelCases.RunParts(new MatMulFp32Reference(problem), arena, 1);
        Assert.Equal([9, 10, -11.5f, -13, 22, 28, 49, 64], new Span<float>(arena.Base + y, 8).ToArray());
    }

    [Fact]
    public void Matrices_that_no_kernel_can_read_are_a_defect()
    {
        using var arena = new TestArena(new Random(1));
        var fits = Make(new Random(1), arena) with { K = 3, N = 3, M = 3, OutputRow = 12, RightRow = 4, RightColumn = 16 };
        fits.Check();
        Assert.Throws<ArgumentException>((fits with { RightRow = 8 }).Check);
        Assert.Throws<ArgumentException>((fits with { OutputRow = 8 }).Check);
        Assert.Throws<ArgumentException>((fits with { LeftRow = 6 }).Check);
        Assert.Throws<ArgumentException>((fits with { M = 0 }).Check);
    }

    internal static MatMulFp32Problem Make(Random random, TestArena arena)
    {
        int m = random.Next(8) == 0 ? random.Next(40, 70) : random.Next(1, 14),
            k = random.Next(1, 40), n = random.Next(1, random.Next(3) == 0 ? 150 : 50);
        int left = random.Next(1, 4), right = random.Next(1, 4), count = random.Next(1, 5);
        // A gap behind each row, as where other heads lie between.
        int Gap() => random.Next(2) * random.Next(1, 20);
        int leftRow = k + Gap(), outputRow = n + Gap();
        bool hasRows = random.Next(2) == 0;
        int rightLine = (hasRows ? n : k) + Gap(), rightLines = hasRows ? k : n;
        var problem = new MatMulFp32Problem
        {
            M = m,
            K = k,
            N = n,
            Products = [.. Enumerable.Range(0, count).Select(i =>
                new MatrixTriple(random.Next(left) * m * leftRow * 4L, random.Next(right) * rightLines * rightLine * 4L, i * m * outputRow * 4L))],
            Left = arena.Reserve(left * m * leftRow * sizeof(float), sizeof(float)),
            Right = arena.Reserve(right * rightLines * rightLine * sizeof(float), sizeof(float)),
            Output = arena.Reserve(count * m * outputRow * sizeof(float), sizeof(float)),
            LeftRow = leftRow * 4,
            RightRow = hasRows ? rightLine * 4 : 4,
            RightColumn = hasRows ? 4 : rightLine * 4,
            OutputRow = outputRow * 4,
        };
        problem.Check();
        return problem;
    }
}
