using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Largest element of each window, a vector of channels at a time; the last vector of a pixel overlaps the one before.</summary>
internal sealed unsafe class MaxPoolAvx2<T>(MaxPoolProblem problem) : PreparedKernel where T : unmanaged, INumber<T>
{
    public override string Name => $"MaxPool{KernelTypes.KernelWord<T>()}Avx2";

    /// <summary>A pixel must fill half a vector.</summary>
    public static bool CanRun(MaxPoolProblem problem) => problem.Type.KernelSize() == sizeof(T) && problem.Shape.Channels >= Vector128<T>.Count;

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        var (start, end) = KernelPart.Range(s.Output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.OutputHeight, y = row % s.OutputHeight;
            var taps = s.TapRows(y);
            byte* lines = arena + problem.Input.Offset + image * problem.Input.ImageStride
                + (long)(y * s.StrideHeight - s.PadTop + taps.First * s.DilationHeight) * problem.Input.RowStride;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            for (int x = 0; x < s.OutputWidth; x++, output += problem.Output.PixelStride)
            {
                var columns = s.TapColumns(x);
                byte* window = lines + (long)(x * s.StrideWidth - s.PadLeft + columns.First * s.DilationWidth) * problem.Input.PixelStride;
                Pixel(window, taps.End - taps.First, columns.End - columns.First, (T*)output);
            }
        }
    }

    private void Pixel(byte* window, int rows, int columns, T* output)
    {
        if (problem.Shape.Channels < Vector256<T>.Count)
        {
            int upper = problem.Shape.Channels - Vector128<T>.Count;
            Half((T*)window, rows, columns).Store(output);
            Half((T*)window + upper, rows, columns).Store(output + upper);
            return;
        }

        int channels = problem.Shape.Channels, last = channels - Vector256<T>.Count, c = 0;
        for (; c <= last - Vector256<T>.Count; c += 2 * Vector256<T>.Count)
            Two((T*)window + c, rows, columns, output + c);
        for (; c < last; c += Vector256<T>.Count)
            Window((T*)window + c, rows, columns).Store(output + c);
        if (c < channels) Window((T*)window + last, rows, columns).Store(output + last);
    }

    /// <summary>Two vectors side by side: neither waits for the other's comparisons.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Two(T* first, int rows, int columns, T* output)
    {
        long down = (long)problem.Shape.DilationHeight * problem.Input.RowStride,
            right = (long)problem.Shape.DilationWidth * problem.Input.PixelStride;
        Vector256<T> left = Vector256.Load(first), next = Vector256.Load(first + Vector256<T>.Count);
        byte* line = (byte*)first;
        for (int y = 0; y < rows; y++, line += down)
        {
            byte* x = line;
            for (int i = 0; i < columns; i++, x += right)
            {
                left = Max(Vector256.Load((T*)x), left);
                next = Max(Vector256.Load((T*)x + Vector256<T>.Count), next);
            }
        }

        left.Store(output);
        next.Store(output + Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<T> Window(T* first, int rows, int columns)
    {
        long down = (long)problem.Shape.DilationHeight * problem.Input.RowStride,
            right = (long)problem.Shape.DilationWidth * problem.Input.PixelStride;
        var max = Vector256.Load(first);
        byte* line = (byte*)first;
        for (int y = 0; y < rows; y++, line += down)
        {
            byte* x = line;
            for (int i = 0; i < columns; i++, x += right)
                max = Max(Vector256.Load((T*)x), max);
        }

        return max;
    }

    // As Window, for half a vector of channels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<T> Half(T* first, int rows, int columns)
    {
        long down = (long)problem.Shape.DilationHeight * problem.Input.RowStride,
            right = (long)problem.Shape.DilationWidth * problem.Input.PixelStride;
        var max = Vector128.Load(first).ToVector256Unsafe();
        byte* line = (byte*)first;
        for (int y = 0; y < rows; y++, line += down)
        {
            byte* x = line;
            for (int i = 0; i < columns; i++, x += right)
                max = Max(Vector128.Load((T*)x).ToVector256Unsafe(), max);
        }

        return max.GetLower();
    }

    /// <summary>For floats the second operand unless the first is larger or a NaN, as the reference compares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Max(Vector256<T> value, Vector256<T> max) => typeof(T) == typeof(byte)
        ? Avx2.Max(value.AsByte(), max.AsByte()).As<byte, T>()
        : Avx.BlendVariable(Avx.Max(value.AsSingle(), max.AsSingle()), value.AsSingle(), Avx.CompareUnordered(value.AsSingle(), value.AsSingle()))
            .As<float, T>();
}
