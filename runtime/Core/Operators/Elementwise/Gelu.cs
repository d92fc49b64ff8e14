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
        for (int i = 0; i < outputs[0].Shape.ElementCount; i++)
        {
            var x = new WideFloat(inputs[0].Number(i));
            outputs[0].Set(i, (isApproximated ? x.InDouble(default(ByTanh)) : x.InDouble(default(Exact))).Value);
        }
    }

    private static bool IsApproximated(Node node) => node.Attributes.String("approximate", "none") == "tanh";

    // Below it both are 0 in every type; of -∞ times 0 nothing would be left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bounded<T>(T x) where T : struct, ILanes<T> => T.IfLess(x, T.Of(-1000), T.Of(-1000), x);

    internal readonly record struct Exact : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => x.InDouble(this);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T beyond = T.Of(0.5) * ErrorFunction.Complement(LaneMath.Abs(x) * T.Of(0.7071067811865476));
            return Bounded(x) * T.IfLess(x, T.Of(0), beyond, T.Of(1) - beyond);
        }
    }

    /// <summary>x·(1 + tanh u)/2 = x / (1 + e^-2u) with u = √(2/π)·(x + 0.044715·x³).</summary>
    internal readonly record struct ByTanh : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => x.InDouble(this);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T u = x * T.FusedMultiplyAdd(x * x, T.Of(0.044715 * 0.7978845608028654), T.Of(0.7978845608028654));
            return Bounded(x) / (T.Of(1) + Exponential.Of(T.Of(-2) * u));
        }
    }
}
