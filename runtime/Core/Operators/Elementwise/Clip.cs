using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>min(max(x, low), high); either bound may be left out. Kernels take constant bounds of float32.</summary>
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

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, ConsumedInputs, Float("max"), Float("min")),
        new(6, 1, 1, Float("max"), Float("min")),
        new(11, 1, 3),
    ];

    protected override ElementKinds Kinds => ElementKinds.Numbers;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var outputs = base.Infer(node, inputs);
        for (int i = 1; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } bound) continue;
            if (bound.Shape.ElementCount != 1) throw OperatorRules.Bad(node, $"its bound of shape {bound.Shape} is not a scalar");
            if (bound.Type != outputs[0].Type) throw OperatorRules.Bad(node, $"a bound of type {bound.Type} for {outputs[0].Type} is not supported");
        }

        return outputs;
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        var low = inputs.Length > 1 ? inputs[1] : default;
        var high = inputs.Length > 2 ? inputs[2] : default;
        bool isFloat = x.Type.IsFloat();
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            if (isFloat) y.Set(i, Clamped(x.Number(i), low, high));
            else y.Set(i, Clamped(x.Integer(i), low, high, x.Type));
        }
    }

    public override ElementFunction? FunctionOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        if (inputs[0] is { Type: not ElementType.Float32 } || Clamp(node, inputs.Optional(1), inputs.Optional(2)) is not var (low, high)) return null;
        // A NaN or -0 as bound is compared otherwise in Evaluate.
        bool isPlain = !float.IsNaN(low) && !float.IsNaN(high) && !IsNegativeZero(low) && !IsNegativeZero(high);
        return isPlain ? new ElementFunction<Function>(new Function(low, high)) : null;
    }

    private static bool IsNegativeZero(float bound) => bound == 0 && float.IsNegative(bound);

    // Not null only where bounds that the node has are known and float32.
    public override (float Low, float High)? Clamp(Node node, InputType? low, InputType? high) =>
        Bound(node.Input(1), low, float.NegativeInfinity) is { } least && Bound(node.Input(2), high, float.PositiveInfinity) is { } most
            ? (least, most) : null;

    private static float? Bound(string name, InputType? input, float fallback) => input switch
    {
        null => name.Length == 0 ? fallback : null,
        { Constant: { Type: ElementType.Float32, Shape.ElementCount: 1 } constant } => constant.As<float>()[0],
        _ => null,
    };

    private static double Clamped(double x, in TensorView low, in TensorView high)
    {
        if (low.IsPresent) x = Math.Max(x, low.Number(0));
        return high.IsPresent ? Math.Min(x, high.Number(0)) : x;
    }

    private static long Clamped(long x, in TensorView low, in TensorView high, ElementType type)
    {
        if (low.IsPresent && Integers.IsLess(x, low.Integer(0), type)) x = low.Integer(0);
        return high.IsPresent && Integers.IsLess(high.Integer(0), x, type) ? high.Integer(0) : x;
    }

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
