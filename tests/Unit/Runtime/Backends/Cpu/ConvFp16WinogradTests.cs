using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.WinogradFp16;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class ConvFp16WinogradTests
{
    private static readonly int Cases = KernelCases.Some(120);
    private static readonly int[] TileOutputs = [2, 4];

    /// <summary>Every entry of the table that computes by Winograd's method, with tiles of 2×2 and of 4×4 outputs.</summary>
    public static IEnumerable<object[]> Names =>
        from entry in KernelTable.Of<ConvFp16WinogradProblem>()
        from outputs in TileOutputs
        select new object[] { entry.Name, outputs };

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Every_output_stays_within_the_error_bound_of_exact_arithmetic(string name, int outputs)
    {
        var entry = KernelCases.Find<ConvFp16WinogradProblem>(name);
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvFp16Case(new Random(seed), Shape, outputs);
            test.Problem.Check();
            Assert.True(entry.CanRun(test.Winograd));
            using var kernel = entry.Create(test.Winograd);
            using var arena = KernelCases.RunWithoutAllocating(test.Arena, kernel, 1 + seed % 4, name);
            test.Check(arena, 0, $"{name} {outputs}x{outputs}, seed {seed}, {test.Problem.Shape}");
        }
    }

    /// <summary>The bound is what could happen at worst; this is what does. Inputs and weights as those behind a ReLU in a trained network.</summary>
    [SkippableTheory]
    [InlineData("ConvFp16WinogradNeonHalf", 2, 0.004)]
    [InlineData("ConvFp16WinogradNeonHalf", 4, 0.010)]
    public void The_error_is_a_small_part_of_the_outputs_deviation(string name, int outputs, double part)
    {
        var entry = KernelCases.Find<ConvFp16WinogradProblem>(name);
        using var test = new ConvFp16Case(new Random(1), _ => Square(12, 256, 16), outputs);
        var random = new Random(2);
        var problem = test.Problem with
        {
            Weights = Enumerable.Range(0, test.Problem.Weights.Length).Select(_ => (float)(Half)(Normal(random) * 0.03f)).ToArray(),
            Bias = new float[test.Problem.Bias.Length],
            Residual = null,
            Low = float.NegativeInfinity,
            High = float.PositiveInfinity,
        };
        test.Fill(ConvChecks.InputOf(problem.Shape), problem.Input, () => Math.Max(0, Normal(random)));
        using var expected = KernelCases.RunWithoutAllocating(test.Arena, KernelTable.Of<ConvFp16Problem>()[^1].Create(problem), 1, name);
        using var actual = KernelCases.RunWithoutAllocating(
            test.Arena, entry.Create(new ConvFp16WinogradProblem(problem, outputs) { Scratch = test.Problem.Scratch }), 1, name);
        var (error, deviation) = test.Deviation(expected, actual);
        Assert.InRange(error / deviation, 1e-5, part);
    }

    private static float Normal(Random random) => MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(MathF.Tau * random.NextSingle());

    private static ConvShape Square(int size, int inputs, int outputs) => new()
    {
        InputHeight = size,
        InputWidth = size,
        InputChannels = inputs,
        OutputChannels = outputs,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };

    /// <summary>3×3 with pads of 0 to 2 on every side, 1 to 33 pixels, output channels that fill no vector, batches, dilations.</summary>
    private static ConvShape Shape(Random random)
    {
        while (true)
        {
            bool large = random.Next(2) == 0;
            var shape = new ConvShape
            {
                Batch = random.Next(4) == 0 ? 2 : 1,
                InputHeight = random.Next(1, large ? 34 : 10),
                InputWidth = random.Next(1, large ? 34 : 10),
                InputChannels = 8 * random.Next(1, large ? 4 : random.Next(4) == 0 ? 40 : 10),
                OutputChannels = random.Next(1, large ? 20 : 70),
                KernelHeight = 3,
                KernelWidth = 3,
                PadTop = random.Next(3),
                PadLeft = random.Next(3),
                PadBottom = random.Next(3),
                PadRight = random.Next(3),
                DilationHeight = random.Next(3) == 0 ? random.Next(2, 8) : 1,
                DilationWidth = random.Next(3) == 0 ? random.Next(2, 8) : 1,
            };
            bool fits = shape.InputHeight + shape.PadTop + shape.PadBottom > 2 * shape.DilationHeight
                && shape.InputWidth + shape.PadLeft + shape.PadRight > 2 * shape.DilationWidth;
            if (fits && shape.Macs <= 1_500_000)
                return shape;
        }
    }
}
