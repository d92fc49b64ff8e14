using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>
/// x·Φ(x) with the normal distribution's Φ(x) = (1 + erf(x/√2))/2, or approximated by tanh. Hendrycks and Gimpel, arXiv:1606.08415.
/// </summary>
internal sealed class Gelu : ElementwiseOperator
{
    public override string OpType => OpTypes.Gelu;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(20, 1, 1, Text("approximate").Only("none", "tanh"))];

    public override ElementFunction FunctionOf(Node node, ReadOnlySpan<InputType?> inputs) =>
        IsApproximated(node) ? new ElementFunction<ByTanh>(default) : new ElementFunction<Exact>(default);

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        bool isApproximated = IsApproximated(node);
        if (inputs[0].Type == ElementType.Float32)
        {
            if (isApproximated) Each(default(ByTanh), inputs[0].As<float>(), outputs[0].As<float>());
            else Each(default(Exact), inputs[0].As<float>(), outputs[0].As<float>());
            return;
        }

        for (int i = 0; i < outputs[0].Shape.ElementCount; i++)
        {
            var x = new WideFloat(inputs[0].Number(i));
            outputs[0].Set(i, (isApproximated ? x.InDouble(default(ByTanh)) : x.InDouble(default(Exact))).Value);
        }
    }

    private static void Each<TFunction>(TFunction function, ReadOnlySpan<float> from, Span<float> to) where TFunction : struct, IFloatFunction
    {
        for (int i = 0; i < to.Length; i++) to[i] = function.Apply(new Float32x1(from[i])).Value;
    }

    private static bool IsApproximated(Node node) => node.Attributes.String("approximate", "none") == "tanh";

    // Below it both are 0 in every type; of -∞ times 0 nothing would be left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bounded<T>(T x) where T : struct, ILanes<T> => T.IfLess(x, T.Of(-1000), T.Of(-1000), x);

    internal readonly record struct Exact : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this)
            : Bounded(x) * T.FusedMultiplyAdd(T.Of(0.5), Float32ErrorFunction.Of(x * T.Of(0.7071067811865476)), T.Of(0.5));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T beyond = T.Of(0.5) * ErrorFunction.Complement(T.Abs(x) * T.Of(0.7071067811865476));
            return Bounded(x) * T.IfLess(x, T.Of(0), beyond, T.Of(1) - beyond);
        }
    }

    /// <summary>x·(1 + tanh u)/2 = x·sigmoid(2u) with u = √(2/π)·(x + 0.044715·x³).</summary>
    internal readonly record struct ByTanh : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this) : Bounded(x) * Float32Sigmoid.Of(Doubled(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => Bounded(x) / (T.Of(1) + Exponential.Of(T.Of(0) - Doubled(x)));

        // 2u.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Doubled<T>(T x) where T : struct, ILanes<T> =>
            x * T.FusedMultiplyAdd(x * x, T.Of(0.044715 * 1.5957691216057308), T.Of(1.5957691216057308));
    }
}
