using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>min(max(x, low), high); either bound may be left out. Bounds are constants here.</summary>
internal sealed class Clip : ElementwiseOperator
{
    public override string OpType => OpTypes.Clip;

    public override OperatorTraits Traits { get; } = new()
    {
        Elements = ElementFlow.Mapped,
        Inputs = [InputRole.Data, InputRole.Setting],
        Axes = AxisUse.None,
        IsClamp = true,
        RoundsToReaders = true,
    };

    /// <summary>The bounds of a Clip node; infinities where left out.</summary>
    /// <exception cref="EdgeException">Exit 3: a bound is computed or not a float scalar.</exception>
    public static (float Low, float High) Bounds(Node node, InputType? low, InputType? high) =>
        (Bound(node, low, float.NegativeInfinity), Bound(node, high, float.PositiveInfinity));

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(6, 1, 1, Float("min"), Float("max")),
        new(11, 1, 3),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        _ = Bounds(node, inputs.Optional(1), inputs.Optional(2));
        return [new(ElementType.Float32, inputs.Float(node, 0).Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        float low = inputs.Length > 1 && inputs[1].IsPresent ? inputs[1].As<float>()[0] : float.NegativeInfinity;
        float high = inputs.Length > 2 && inputs[2].IsPresent ? inputs[2].As<float>()[0] : float.PositiveInfinity;
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        for (int i = 0; i < y.Length; i++) y[i] = Math.Min(Math.Max(x[i], low), high);
    }

    public override ElementFunction? FunctionOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var (low, high) = Bounds(node, inputs.Optional(1), inputs.Optional(2));
        // A NaN or -0 as bound is compared otherwise in Evaluate.
        bool isPlain = !float.IsNaN(low) && !float.IsNaN(high) && !IsNegativeZero(low) && !IsNegativeZero(high);
        return isPlain ? new ElementFunction<Function>(new Function(low, high)) : null;
    }

    private static bool IsNegativeZero(float bound) => bound == 0 && float.IsNegative(bound);

    private static float Bound(Node node, InputType? input, float fallback) => input switch
    {
        null => fallback,
        { Constant: { Type: ElementType.Float32, Shape.ElementCount: 1 } constant } => constant.As<float>()[0],
        _ => throw OperatorRules.Bad(node, "its bounds must be constant float scalars"),
    };

    public override (float Low, float High)? Clamp(Node node, InputType? low, InputType? high) => Bounds(node, low, high);

    internal readonly record struct Function(float Low, float High) : IFloatFunction
    {
        // Bounds of zero are +0: it is above -0 as a lower bound and below nothing that equals it as an upper one.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T>
        {
            T low = T.Of(Low), high = T.Of(High);
            x = T.IfLess(low, x, x, T.IfLess(x, low, low, x + T.Of(0)));
            return T.IfLess(high, x, high, x);
        }
    }
}
