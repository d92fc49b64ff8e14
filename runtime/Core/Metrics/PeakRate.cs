using System.Diagnostics;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Metrics;

/// <summary>
/// What one core can do: multiply-accumulates a second that a tier's own convolution kernel reaches while everything it touches stays in
/// the first cache. The best of a few shapes with long sums, so that the epilogue hardly counts. Measured, so it holds for every
/// instruction set, machine and clock alike; a layer's share of it says what memory, edges and the epilogue cost.
/// </summary>
internal static unsafe class PeakRate
{
    private const int Filters = 64, BatchRuns = 8;

    // Weights and pixels of each fit 48 KiB, those of the last 24 KiB.
    private static readonly (int Pixels, int Depth)[] Int8Shapes = [(24, 512), (48, 256), (36, 384), (36, 128)];
    private static readonly (int Pixels, int Depth)[] Fp32Shapes = [(24, 128), (48, 96), (36, 96), (12, 64)];

    /// <summary>Times convolutions whose data fit the caches, and takes the fastest.</summary>
    /// <param name="tier">Kernels of this tier.</param>
    /// <param name="isInt8">u8 × s8, else float32.</param>
    /// <param name="budget">For all shapes together.</param>
    /// <returns>Products a second of one thread.</returns>
    public static double Measure(KernelTier tier, bool isInt8, TimeSpan budget)
    {
        var shapes = isInt8 ? Int8Shapes : Fp32Shapes;
        return shapes.Max(s => Rate(Shape(s.Pixels, s.Depth), tier, isInt8, budget / shapes.Length));
    }

    private static double Rate(ConvShape shape, KernelTier tier, bool isInt8, TimeSpan budget)
    {
        int size = isInt8 ? 1 : sizeof(float);
        Placement input = Dense(0, shape.InputWidth, shape.InputChannels * size), output = Dense(input.ImageStride, shape.InputWidth, Filters * size);
        long padding = output.Offset + output.ImageStride;
        StepProblem problem = isInt8
            ? new ConvInt8Problem
            {
                Shape = shape,
                Weights = new sbyte[Filters * shape.Depth],
                Bias = new int[Filters],
                Multiplier = [.. Enumerable.Repeat(1f, Filters)],
                InputZeroPoint = 0,
                Input = input,
                PaddingOffset = padding,
                Output = output,
            }
            : new ConvFp32Problem
            {
                Shape = shape,
                Weights = new float[Filters * shape.Depth],
                Bias = new float[Filters],
                Input = input,
                PaddingOffset = padding,
                Output = output,
            };
        long scratch = (padding + ConvChecks.PaddingBytes(shape, size) + Placement.ReadSlack + 63) / 64 * 64;
        problem = problem with { Scratch = new Scratch(scratch, KernelTable.ScratchBytes(problem, 1)) };
        using var arena = new NativeBlock<byte>(scratch + problem.Scratch.Value.Bytes);
        using var kernel = KernelTable.Prepare(problem, tier);
        long best = long.MaxValue, start = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            for (int i = 0; i < BatchRuns; i++) kernel.Run(arena.Data, 0, 1);
            best = Math.Min(best, Stopwatch.GetTimestamp() - before);
        }
        while (Stopwatch.GetElapsedTime(start) < budget);

        return shape.Macs * BatchRuns / ((double)best / Stopwatch.Frequency);
    }

    private static ConvShape Shape(int pixels, int depth) =>
        new() { InputHeight = 1, InputWidth = pixels, InputChannels = depth, OutputChannels = Filters, KernelHeight = 1, KernelWidth = 1 };

    private static Placement Dense(long offset, int pixels, int pixelBytes) =>
        new(offset, pixelBytes, pixels * pixelBytes, (long)pixels * pixelBytes);
}
