using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>1 - 2 / (e^2x + 1); near 0, where that difference loses its digits, x - x³/3.</summary>
internal sealed class Tanh : ElementwiseOperator<Tanh.Function>
{
    public override string OpType => "Tanh";

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        // At 2⁻¹² either form is within 2⁻³⁸ of the function, relatively.
        private const double SmallSquare = 1.0 / (1 << 24);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this) : Float32Tanh.Of(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T square = x * x, near = x * T.FusedMultiplyAdd(square, T.Of(-1.0 / 3), T.Of(1));
            return T.IfLess(square, T.Of(SmallSquare), near, T.Of(1) - T.Of(2) / (Exponential.Of(x + x) + T.Of(1)));
        }
    }
}
