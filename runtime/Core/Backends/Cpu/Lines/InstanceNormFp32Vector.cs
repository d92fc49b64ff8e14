using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>
/// Sixteen channels side by side, a cache line of each pixel, in three walks over the picture; equals the reference bit for bit. Registers of
/// two float64 and four float32, which every processor with vectors has.
/// </summary>
internal sealed unsafe class InstanceNormFp32Vector(string name, InstanceNormFp32Problem problem) : PreparedKernel
{
    private const int Block = 16, Lanes = 4;

    public override string Name => name;

    /// <summary>A pixel must fill a block.</summary>
    public static bool CanRun(InstanceNormFp32Problem problem) => problem.Shape.Channels >= Block;

    public override void Run(byte* arena, int part, int parts)
    {
        int channels = problem.Shape.Channels, blocks = (channels + Block - 1) / Block;
        var (start, end) = KernelPart.Range(problem.Shape.Batch * blocks, part, parts);
        for (int i = start; i < end; i++)
        {
            int image = i / blocks, first = i % blocks * Block;
            if (first + Block <= channels)
                Channels(arena, image, first);
            else
                for (int c = first; c < channels; c++)
                    InstanceNormFp32Reference.Channel(problem, arena, image, c);
        }
    }

    private void Channels(byte* arena, int image, int first)
    {
        var s = problem.Shape;
        var pixels = Vector128.Create((double)s.Height * s.Width);
        Sums mean = default, factor = default;
        Walk(arena, image, first, default, ref mean, isSquared: false);
        for (int i = 0; i < Sums.Length; i++)
            mean[i] /= pixels;
        Walk(arena, image, first, mean, ref factor, isSquared: true);
        for (int i = 0; i < Sums.Length; i++)
            factor[i] = Vector128<double>.One / Vector128.Sqrt(factor[i] / pixels + Vector128.Create((double)problem.Epsilon));
        Write(arena, image, first, mean, factor);
    }

    // Adds up the channels, or the squares of their distances.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Walk(byte* arena, int image, int first, Sums from, ref Sums sums, bool isSquared)
    {
        Vector128<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (int y = 0; y < problem.Shape.Height; y++)
        {
            byte* x = arena + InstanceNormFp32Reference.At(problem.Input, image, y) + first * sizeof(float);
            for (int i = 0; i < problem.Shape.Width; i++, x += problem.Input.PixelStride)
            {
                float* pixel = (float*)x;
                var (a, b) = Vector128.Widen(Vector128.Load(pixel));
                var (c, d) = Vector128.Widen(Vector128.Load(pixel + Lanes));
                var (e, f) = Vector128.Widen(Vector128.Load(pixel + 2 * Lanes));
                var (g, h) = Vector128.Widen(Vector128.Load(pixel + 3 * Lanes));
                if (isSquared)
                {
                    (a, b, c, d) = (Square(a - from[0]), Square(b - from[1]), Square(c - from[2]), Square(d - from[3]));
                    (e, f, g, h) = (Square(e - from[4]), Square(f - from[5]), Square(g - from[6]), Square(h - from[7]));
                }

                (s0, s1, s2, s3) = (s0 + a, s1 + b, s2 + c, s3 + d);
                (s4, s5, s6, s7) = (s4 + e, s5 + f, s6 + g, s7 + h);
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
        (sums[4], sums[5], sums[6], sums[7]) = (s4, s5, s6, s7);
    }

    private void Write(byte* arena, int image, int first, Sums mean, Sums factor)
    {
        fixed (float* scales = problem.Scale, biases = problem.Bias)
        {
            for (int lane = 0; lane < Block; lane += Lanes)
            {
                Vector128<float> scale = Vector128.Load(scales + first + lane), bias = Vector128.Load(biases + first + lane);
                Vector128<double> lowMean = mean[lane / 2], highMean = mean[lane / 2 + 1], low = factor[lane / 2], high = factor[lane / 2 + 1];
                for (int y = 0; y < problem.Shape.Height; y++)
                {
                    byte* from = arena + InstanceNormFp32Reference.At(problem.Input, image, y) + (first + lane) * sizeof(float);
                    byte* to = arena + InstanceNormFp32Reference.At(problem.Output, image, y) + (first + lane) * sizeof(float);
                    for (int i = 0; i < problem.Shape.Width; i++, from += problem.Input.PixelStride, to += problem.Output.PixelStride)
                    {
                        var (a, b) = Vector128.Widen(Vector128.Load((float*)from));
                        var standard = Vector128.Narrow((a - lowMean) * low, (b - highMean) * high);
                        Vector128.FusedMultiplyAdd(standard, scale, bias).Store((float*)to);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Square(Vector128<double> x) => x * x;

    [InlineArray(Length)]
    private struct Sums
    {
        public const int Length = Block / 2;

        private Vector128<double> _first;
    }
}
