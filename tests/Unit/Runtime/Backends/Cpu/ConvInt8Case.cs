using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>A random quantised convolution with its arena.</summary>
internal sealed class ConvInt8Case : IDisposable
{
    /// <summary>Threads that scratch memory is for.</summary>
    private const int Threads = 3;

    private readonly long _scratchStart;

    /// <param name="seed">Draws the numbers.</param>
    /// <param name="maxMacs">Of a shape that is drawn.</param>
    /// <param name="shape">Not to be drawn.</param>
    /// <param name="scratch">Bytes at least.</param>
    /// <param name="unit">Where input and padding begin, and of which the input's gaps are multiples, in bytes.</param>
    public ConvInt8Case(int seed, long maxMacs = 1_000_000, ConvShape? shape = null, long scratch = 0, int unit = 1)
    {
        var random = new Random(seed);
        var s = shape ?? RandomConv.Shape(random, maxMacs);
        Arena = new TestArena(random);
        byte zero = Extreme(random);
        var input = RandomConv.Input(random, Arena, s, 1, unit);
        long padding = Arena.Reserve(ConvChecks.PaddingBytes(s, 1), unit);
        bool floats = random.Next(5) == 0 && shape is null;
        var output = RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), floats ? 4 : 1);
        var residual = random.Next(3) switch
        {
            0 => (Placement?)null,
            1 when !floats => output,
            _ => RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), 1),
        };
        var branch = residual is null || random.Next(2) == 0 ? null : Branch(random);
        bool whole = random.Next(3) == 0; // As after a ReLU.
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
            FloatOutput = floats,
            OutputZeroPoint = whole ? (byte)0 : Extreme(random),
            Low = whole ? (byte)0 : (byte)random.Next(0, 100),
            High = whole || random.Next(2) == 0 ? (byte)255 : (byte)random.Next(100, 256),
            FloatLow = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            FloatHigh = random.Next(2) == 0 ? 6 : float.PositiveInfinity,
        };
        // Last, since its size depends on the processor: the bytes before it are the same everywhere.
        scratch = Math.Max(scratch, KernelTable.ScratchBytes(Problem, Threads));
        _scratchStart = Arena.Reserve(scratch, 64);
        if (scratch > 0)
            Problem = Problem with { Scratch = Scratch = new Scratch(_scratchStart, scratch) };
        Arena.Create(floats: false);
        Arena.Bytes.Slice((int)padding, ConvChecks.PaddingBytes(s, 1)).Fill(zero);
        RandomConv.FillBorder(Arena, s, input, 1, zero);
    }

    public TestArena Arena { get; }

    /// <summary>All of the arena but the scratch memory.</summary>
    public Span<byte> Values => Arena.Bytes[..(int)_scratchStart];

    public ConvInt8Problem Problem { get; }

    /// <summary>Memory that kernels may leave anything in.</summary>
    public Scratch? Scratch { get; }

    public void Dispose() => Arena.Dispose();

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
        else if (random.Next(2) == 0)
            weights.AsSpan().Replace(sbyte.MinValue, (sbyte)-127); // For which some kernels have a faster way.
        return weights;
    }
}
