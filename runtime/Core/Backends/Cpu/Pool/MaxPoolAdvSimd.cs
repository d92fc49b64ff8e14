using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Largest element of each window, 16 bytes of channels at a time; the last vector of a pixel overlaps the one before.</summary>
internal sealed unsafe class MaxPoolAdvSimd<T>(MaxPoolProblem problem)
    : PoolKernel(problem.Shape, problem.Input, problem.Output) where T : unmanaged, INumber<T>
{
    public override string Name => $"MaxPool{KernelTypes.KernelWord<T>()}AdvSimd";

    /// <summary>A pixel must fill a vector.</summary>
    public static bool CanRun(MaxPoolProblem problem) => problem.Type.KernelSize() == sizeof(T) && problem.Shape.Channels >= Vector128<T>.Count;

    protected override void Pixel(byte* window, int rows, int columns, byte* output)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        int last = problem.Shape.Channels - Vector128<T>.Count;
        if (rows == 3 && columns == 3)
        {
            Nine(window, output, last * sizeof(T));
            return;
        }

        for (int c = 0; c < last; c += Vector128<T>.Count)
            Window((T*)window + c, rows, columns).Store((T*)output + c);
        Window((T*)window + last, rows, columns).Store((T*)output + last);
    }

    /// <summary>A whole window of 3×3, as most networks have one: pointers to its taps are made once for all channels.</summary>
    private void Nine(byte* x0, byte* output, nint last)
    {
        byte* x1 = x0 + Right, x2 = x1 + Right, x3 = x0 + Down, x4 = x3 + Right, x5 = x4 + Right, x6 = x3 + Down, x7 = x6 + Right, x8 = x7 + Right;
        for (nint c = 0; ; c = Math.Min(c + Vector128<byte>.Count, last))
        {
            // In the reference's order: of a zero and a negative zero the first one stays.
            var max = Max(Vector128.Load((T*)(x1 + c)), Vector128.Load((T*)(x0 + c)));
            max = Max(Vector128.Load((T*)(x2 + c)), max);
            max = Max(Vector128.Load((T*)(x3 + c)), max);
            max = Max(Vector128.Load((T*)(x4 + c)), max);
            max = Max(Vector128.Load((T*)(x5 + c)), max);
            max = Max(Vector128.Load((T*)(x6 + c)), max);
            max = Max(Vector128.Load((T*)(x7 + c)), max);
            Max(Vector128.Load((T*)(x8 + c)), max).Store((T*)(output + c));
            if (c == last)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<T> Window(T* first, int rows, int columns)
    {
        var max = Vector128.Load(first);
        byte* line = (byte*)first;
        for (int y = 0; y < rows; y++, line += Down)
        {
            byte* x = line;
            for (int i = 0; i < columns; i++, x += Right)
                max = Max(Vector128.Load((T*)x), max);
        }

        return max;
    }

    /// <summary>For floats the maximum so far unless the value is larger, or a NaN, as the reference compares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Max(Vector128<T> value, Vector128<T> max) => typeof(T) == typeof(byte)
        ? AdvSimd.Max(value.AsByte(), max.AsByte()).As<byte, T>()
        : AdvSimd.BitwiseSelect(
            AdvSimd.OrNot(
                AdvSimd.CompareGreaterThan(value.AsSingle(), max.AsSingle()), AdvSimd.CompareEqual(value.AsSingle(), value.AsSingle())),
            value.AsSingle(), max.AsSingle()).As<float, T>();
}
