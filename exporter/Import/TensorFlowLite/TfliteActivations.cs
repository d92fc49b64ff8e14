using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Functions of each element, alone or fused into another operator, and Softmax.</summary>
internal static class TfliteActivations
{
    /// <summary>max(x, 0).</summary>
    public static void Relu(TfliteConverter converter, TfliteOperator op) => Alone(converter, op, 1);

    /// <summary>min(max(x, −1), 1).</summary>
    public static void ReluN1To1(TfliteConverter converter, TfliteOperator op) => Alone(converter, op, 2);

    /// <summary>min(max(x, 0), 6).</summary>
    public static void Relu6(TfliteConverter converter, TfliteOperator op) => Alone(converter, op, 3);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static void Logistic(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Elementwise(OpTypes.Sigmoid, converter.Output(op).LayerName, x));
    }

    /// <summary>x · relu6(x + 3) / 6.</summary>
    public static void HardSwish(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Elementwise(OpTypes.HardSwish, converter.Output(op).LayerName, x));
    }

    /// <summary>Softmax of beta · x over the last axis.</summary>
    public static void Softmax(TfliteConverter converter, TfliteOperator op)
    {
        float beta = op.Options?.Single(0) ?? 1;
        if (beta != 1) throw converter.Fail(op, $"has beta {beta}; 1 is supported");
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Softmax(converter.Output(op).LayerName, x));
    }

    /// <summary>The activation that an operator ends in.</summary>
    /// <param name="converter">Where nodes go.</param>
    /// <param name="op">Named in the refusal.</param>
    /// <param name="number">ActivationFunctionType of the schema.</param>
    /// <param name="name">Of the operator.</param>
    /// <param name="x">What it makes.</param>
    public static ChannelsLastValue Fused(TfliteConverter converter, TfliteOperator op, int number, string name, ChannelsLastValue x) => number switch
    {
        0 => x,
        1 => converter.Builder.Elementwise(OpTypes.Relu, $"{name}_relu", x),
        2 => converter.Builder.Clip($"{name}_relu_n1_to_1", x, -1, 1),
        3 => converter.Builder.Clip($"{name}_relu6", x, 0, 6),
        _ => throw converter.Fail(op, $"ends in the activation number {number}; none, RELU, RELU_N1_TO_1 and RELU6 are supported"),
    };

    private static void Alone(TfliteConverter converter, TfliteOperator op, int number)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, Fused(converter, op, number, converter.Output(op).LayerName, x));
    }
}
