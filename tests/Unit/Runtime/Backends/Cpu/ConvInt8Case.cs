using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>A random quantised convolution with its arena.</summary>
internal sealed class ConvInt8Case : IDisposable
{
    public ConvInt8Case(int seed, long maxMacs = 1_000_000, ConvShape? shape = null)
    {
        var random = new Random(seed);
        var s = shape ?? RandomConv.Shape(random, maxMacs);
        Arena = new TestArena(random);
        byte zero = Extreme(random);
        var input = RandomConv.Input(random, Arena, s, 1);
        long padding = Arena.Reserve(ConvChecks.PaddingBytes(s, 1), 1);
        long scratch = KernelTable.Of<ConvInt8Problem>().Max(entry => entry.Scratch(Unplaced(s), 1));
        Scratch = scratch == 0 ? null : new Scratch(Arena.Reserve(scratch, 64), scratch);
        bool floats = random.Next(5) == 0 && shape is null;
        var output = RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), floats ? 4 : 1);
        var residual = random.Next(3) switch
        {
            0 => (Placement?)null,
            1 when !floats => output,
            _ => RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), 1),
        };
        var branch = residual is null || random.Next(2) == 0 ? null : Branch(random);
        float? tie = random.Next(3) == 0 ? MathF.ScaleB(1, random.Next(-9, 1)) : null;
        Problem = new ConvInt8Problem
        {
            Shape = s,
            Weights = Weights(random, s),
            Bias = Enumerable.Range(0, s.OutputChannels).Select(_ => random.Next(-20000, 20000)).ToArray(),
            Multiplier = Enumerable.Range(0, s.OutputChannels)
                .Select(_ => tie ?? (float)((0.2 + random.NextDouble()) * 60 / (74 * 147 * Math.Sqrt(s.Depth)))).ToArray(),
            InputZeroPoint = zero,
            Input = input,
            PaddingOffset = padding,
            Output = output,
            Residual = residual is { } r ? new ResidualInt8(r, Extreme(random), tie is null ? 0.37f : 0.5f) : null,
            Branch = branch is null || tie is null ? branch : branch with { Scale = 0.5f },
            Scratch = Scratch,
            FloatOutput = floats,
            OutputZeroPoint = Extreme(random),
            Low = (byte)random.Next(0, 100),
            High = (byte)(random.Next(2) == 0 ? 255 : random.Next(100, 256)),
            FloatLow = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            FloatHigh = random.Next(2) == 0 ? 6 : float.PositiveInfinity,
        };
        Arena.Create(floats: false);
        Arena.Bytes.Slice((int)padding, ConvChecks.PaddingBytes(s, 1)).Fill(zero);
        RandomConv.FillBorder(Arena, s, input, 1, zero);
    }

    public TestArena Arena { get; }

    public ConvInt8Problem Problem { get; }

    /// <summary>Memory that kernels may leave anything in.</summary>
    public Scratch? Scratch { get; }

    public void Dispose() => Arena.Dispose();

    /// <summary>As much of a problem as scratch memory depends on.</summary>
    private static ConvInt8Problem Unplaced(ConvShape s) =>
        new() { Shape = s, Weights = default, Bias = [], Multiplier = [], InputZeroPoint = 0, Input = default, PaddingOffset = 0, Output = default };

    private static byte Extreme(Random random) => random.Next(4) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };

    private static BranchInt8 Branch(Random random)
    {
        int zero = Extreme(random);
        return new BranchInt8(-zero, 255 - zero, 0.71f);
    }

    private static sbyte[] Weights(Random random, ConvShape s)
    {
        sbyte[] weights = new sbyte[s.OutputChannels * s.Depth];
        random.NextBytes(MemoryMarshal.AsBytes(weights.AsSpan()));
        if (random.Next(4) == 0)
            weights.AsSpan().Fill(random.Next(2) == 0 ? sbyte.MinValue : sbyte.MaxValue);
        return weights;
    }
}
