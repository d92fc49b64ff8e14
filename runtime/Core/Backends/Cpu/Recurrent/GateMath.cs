using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>The arithmetic between gates, over rows of them: y = f(y, a, b), a register of lanes at a time.</summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal static unsafe class GateMath<TLanes> where TLanes : struct, IFloatLanes<TLanes>
{
    private interface IFormula
    {
        T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T>;
    }

    /// <summary>y = a·b.</summary>
    public static void Multiply(float* y, float* a, float* b, int count) => Run(default(Product), y, a, b, count);

    /// <summary>y = a·b + y.</summary>
    public static void AddProduct(float* y, float* a, float* b, int count) => Run(default(ProductAndSum), y, a, b, count);

    /// <summary>y = a·y + b.</summary>
    public static void MultiplyAdd(float* y, float* a, float* b, int count) => Run(default(Scaled), y, a, b, count);

    /// <summary>y = a·y + (1 - a)·b.</summary>
    public static void Mix(float* y, float* a, float* b, int count) => Run(default(Mixture), y, a, b, count);

    /// <summary>y = 1 - a.</summary>
    public static void Complement(float* y, float* a, int count) => Run(default(Rest), y, a, a, count);

    /// <summary>y clamped to -limit and limit; nothing changes without a limit.</summary>
    public static void Clip(float* y, int count, double limit)
    {
        if (!double.IsPositiveInfinity(limit)) Run(new Clamped(limit), y, y, y, count);
    }

    private static void Run<TFormula>(TFormula formula, float* y, float* a, float* b, int count) where TFormula : struct, IFormula
    {
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            formula.Of(TLanes.Load(y + i), TLanes.Load(a + i), TLanes.Load(b + i)).Store(y + i);
        for (; i < count; i++)
            formula.Of(Float32x1.Load(y + i), Float32x1.Load(a + i), Float32x1.Load(b + i)).Store(y + i);
    }

    private readonly struct Product : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T> => a * b;
    }

    private readonly struct ProductAndSum : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(a, b, y);
    }

    private readonly struct Scaled : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(a, y, b);
    }

    private readonly struct Mixture : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(a, y, (T.Of(1) - a) * b);
    }

    private readonly struct Rest : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T> => T.Of(1) - a;
    }

    private readonly struct Clamped(double limit) : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T y, T a, T b) where T : struct, IFloatLanes<T>
        {
            y = T.IfLess(y, T.Of(-limit), T.Of(-limit), y);
            return T.IfLess(T.Of(limit), y, T.Of(limit), y);
        }
    }
}
