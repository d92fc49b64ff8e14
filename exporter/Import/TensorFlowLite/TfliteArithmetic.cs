using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Sums and products of two values, and changes of scale.</summary>
internal static class TfliteArithmetic
{
    /// <summary>a + b: the residual add.</summary>
    public static void Add(TfliteConverter converter, TfliteOperator op) => Binary(converter, op, OpTypes.Add);

    /// <summary>a − b.</summary>
    public static void Sub(TfliteConverter converter, TfliteOperator op) => Binary(converter, op, OpTypes.Sub);

    /// <summary>a · b.</summary>
    public static void Mul(TfliteConverter converter, TfliteOperator op) => Binary(converter, op, OpTypes.Mul);

    /// <summary>a / b.</summary>
    public static void Div(TfliteConverter converter, TfliteOperator op) => Binary(converter, op, OpTypes.Div);

    /// <summary>A float, or a value of another scale, becomes 8-bit.</summary>
    public static void Quantize(TfliteConverter converter, TfliteOperator op)
    {
        if (!converter.Output(op).IsQuantized)
            throw converter.Fail(op, $"produces {converter.Output(op)} of type {converter.Output(op).Type}; int8 and uint8 are supported");
        converter.Store(op, converter.Load(op, converter.Input(op, 0)));
    }

    /// <summary>An 8-bit or float16 value becomes float.</summary>
    public static void Dequantize(TfliteConverter converter, TfliteOperator op) => converter.Store(op, converter.Load(op, converter.Input(op, 0)));

    /// <summary>A function of two values that ONNX has under the name <paramref name="opType"/> and that ends in no activation.</summary>
    public static Action<TfliteConverter, TfliteOperator> As(string opType) => (converter, op) => converter.Store(op, converter.Builder.Binary(
        opType, converter.Output(op).LayerName, converter.Load(op, converter.Input(op, 0)), converter.Load(op, converter.Input(op, 1))));

    private static void Binary(TfliteConverter converter, TfliteOperator op, string opType)
    {
        var output = converter.Output(op);
        if (output.Type is ElementType.Int32 or ElementType.Int64)
        {
            TfliteShapes.ShapeArithmetic(converter, op);
            return;
        }

        string name = output.LayerName;
        var value = converter.Builder.Binary(opType, name, converter.Load(op, converter.Input(op, 0)), converter.Load(op, converter.Input(op, 1)));
        converter.Store(op, TfliteActivations.Fused(converter, op, op.Options?.Byte(0) ?? 0, name, value));
    }
}
