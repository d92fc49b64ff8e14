using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>The activation of gates, over a row of them.</summary>
internal abstract unsafe class GateRow
{
    /// <summary>y = f(x) for each; y may be x.</summary>
    public abstract void Apply(float* x, float* y, int count);

    /// <summary>The row of a function in a tier's lanes; the function's clip is not part of it.</summary>
    public static GateRow Of<TLanes>(GateFunction function) where TLanes : struct, IFloatLanes<TLanes>
    {
        float alpha = (float)function.Alpha, beta = (float)function.Beta;
        return function.Kind switch
        {
            GateFunction.Function.Relu => new GateRow<Relu.Function, TLanes>(default),
            GateFunction.Function.Tanh => new GateRow<Tanh.Function, TLanes>(default),
            GateFunction.Function.Sigmoid => new GateRow<Sigmoid.Function, TLanes>(default),
            GateFunction.Function.Affine => new GateRow<Affine, TLanes>(new(alpha, beta)),
            GateFunction.Function.LeakyRelu => new GateRow<LeakyRelu.Function, TLanes>(new(alpha)),
            GateFunction.Function.ThresholdedRelu => new GateRow<ThresholdedRelu.Function, TLanes>(new(alpha)),
            GateFunction.Function.ScaledTanh => new GateRow<ScaledTanh, TLanes>(new(alpha, beta)),
            GateFunction.Function.HardSigmoid => new GateRow<HardSigmoid.Function, TLanes>(new(alpha, beta)),
            GateFunction.Function.Elu => new GateRow<Elu.Function, TLanes>(new(alpha)),
            GateFunction.Function.Softsign => new GateRow<Softsign.Function, TLanes>(default),
            GateFunction.Function.Softplus => new GateRow<Softplus.Function, TLanes>(default),
            _ => throw new ArgumentException($"activation {function.Kind}", nameof(function)),
        };
    }

    /// <summary>alpha·x + beta.</summary>
    private readonly record struct Affine(float Alpha, float Beta) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(x, T.Of(Alpha), T.Of(Beta));
    }

    /// <summary>alpha·tanh(beta·x).</summary>
    private readonly record struct ScaledTanh(float Alpha, float Beta) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.Of(Alpha) * Call(default(Tanh.Function), T.Of(Beta) * x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Call<TFunction, T>(TFunction function, T x) where TFunction : struct, IFloatFunction where T : struct, IFloatLanes<T> =>
            function.Apply(x);
    }
}

/// <summary>One function in one tier's lanes.</summary>
/// <typeparam name="TFunction">The function.</typeparam>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class GateRow<TFunction, TLanes>(TFunction function) : GateRow
    where TFunction : struct, IFloatFunction
    where TLanes : struct, IFloatLanes<TLanes>
{
    public override void Apply(float* x, float* y, int count)
    {
        var f = function;
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count) f.Apply(TLanes.Load(x + i)).Store(y + i);
        for (; i < count; i++) f.Apply(Float32x1.Load(x + i)).Store(y + i);
    }
}
