using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Product;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class MatMulTests
{
    public static IEnumerable<object[]> Names => KernelCases.Names<MatMulFp32Problem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Products_equal_their_reference_for_any_size_and_stack(string name) => KernelCases.AssertAllEqual(name, Make, static _ => true);

    /// <summary>NEON's lanes run on any processor with a fused multiply-add.</summary>
    [SkippableFact]
    public void Lanes_of_128_bits_give_the_bits_of_the_reference()
    {
        Skip.IfNot(Fma.IsSupported || AdvSimd.IsSupported, "this processor lacks FMA and NEON");
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = Make(random, arena);
            arena.Create(floats: false);
            arena.FillFloats();
            KernelCases.AssertEqual(
                arena, new MatMulFp32<Float32x1>("reference", problem), new MatMulFp32<Float32x4>("lanes", problem), 2, $"seed {seed}");
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
        var problem = new MatMulFp32Problem { M = 2, K = 3, N = 2, Pairs = [new(1, 0), new(0, 0)], Left = a, Right = b, Output = y };
        KernelCases.RunParts(new MatMulFp32<Float32x1>("reference", problem), arena, 1);
        Assert.Equal([9, 10, -11.5f, -13, 22, 28, 49, 64], new Span<float>(arena.Base + y, 8).ToArray());
    }

    private static MatMulFp32Problem Make(Random random, TestArena arena)
    {
        int m = random.Next(1, 14), k = random.Next(1, 40), n = random.Next(1, 50), left = random.Next(1, 4), right = random.Next(1, 4);
        var pairs = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new MatrixPair(random.Next(left), random.Next(right))).ToArray();
        var problem = new MatMulFp32Problem
        {
            M = m,
            K = k,
            N = n,
            Pairs = pairs,
            Left = arena.Reserve(left * m * k * sizeof(float), sizeof(float)),
            Right = arena.Reserve(right * k * n * sizeof(float), sizeof(float)),
            Output = arena.Reserve(pairs.Length * m * n * sizeof(float), sizeof(float)),
        };
        problem.Check();
        return problem;
    }
}
