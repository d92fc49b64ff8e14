using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>x + bias below -lambd, x - bias above lambd, else 0.</summary>
internal sealed class Shrink : ElementwiseOperator<Shrink.Function>
{
    public override string OpType => "Shrink";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1, Float("bias"), Float("lambd"))];

    protected override ElementKinds Kinds => ElementKinds.Numbers;

    protected override Function FunctionOf(Node node) => new(node.Attributes.Float("lambd", 0.5f), node.Attributes.Float("bias", 0));

    protected override long OfInteger(Node node, long x, ElementType type)
    {
        var (limit, bias) = FunctionOf(node);
        return x < -limit ? (long)(x + (double)bias) : x > limit ? (long)(x - (double)bias) : 0;
    }

    internal readonly record struct Function(float Limit, float Bias) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T>
        {
            T shrunk = T.IfLess(T.Of(Limit), x, x - T.Of(Bias), T.Of(0));
            return T.IfLess(x, T.Of(-Limit), x + T.Of(Bias), shrunk);
        }
    }
}
