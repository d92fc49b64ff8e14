using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Functions of each element that no operator ends in.</summary>
internal static class TfliteFunctions
{
    /// <summary>An operator that ONNX has under the name <paramref name="opType"/>, without attributes.</summary>
    public static Action<TfliteConverter, TfliteOperator> As(string opType) => (converter, op) =>
        converter.Store(op, converter.Builder.Elementwise(opType, converter.Output(op).LayerName, converter.Load(op, converter.Input(op, 0))));

    /// <summary>x where x is positive, else alpha · x.</summary>
    public static void LeakyRelu(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        float alpha = op.Options?.Single(0) ?? 0;
        converter.Store(op, converter.Builder.Node(OpTypes.LeakyRelu, converter.Output(op).LayerName, x.Shape, [x.Name], ("alpha", alpha)));
    }

    /// <summary>x where x is positive, else slope · x; one slope for each element of the last axes.</summary>
    public static void PRelu(TfliteConverter converter, TfliteOperator op)
    {
        string name = converter.Output(op).LayerName;
        var x = converter.Load(op, converter.Input(op, 0));
        var slope = converter.Builder.Widen($"{name}_slope", converter.Load(op, converter.Input(op, 1)), x.Shape.Rank);
        converter.Store(op, converter.Builder.Node(OpTypes.PRelu, name, x.Shape, [x.Name, slope.Name]));
    }

    /// <summary>x · Φ(x), exact or by its approximation with tanh.</summary>
    public static void Gelu(TfliteConverter converter, TfliteOperator op)
    {
        string name = converter.Output(op).LayerName;
        converter.Store(op, converter.Builder.Gelu(name, converter.Load(op, converter.Input(op, 0)), op.Options?.Bool(0) ?? false));
    }

    /// <summary>x².</summary>
    public static void Square(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Node(OpTypes.Mul, converter.Output(op).LayerName, x.Shape, [x.Name, x.Name]));
    }

    /// <summary>(a − b)².</summary>
    public static void SquaredDifference(TfliteConverter converter, TfliteOperator op)
    {
        string name = converter.Output(op).LayerName;
        var difference = converter.Builder.Binary(
            OpTypes.Sub, $"{name}_difference", converter.Load(op, converter.Input(op, 0)), converter.Load(op, converter.Input(op, 1)));
        converter.Store(op, converter.Builder.Node(OpTypes.Mul, name, difference.Shape, [difference.Name, difference.Name]));
    }

    /// <summary>1 / √x.</summary>
    public static void ReciprocalSquareRoot(TfliteConverter converter, TfliteOperator op)
    {
        string name = converter.Output(op).LayerName;
        var root = converter.Builder.Elementwise(OpTypes.Sqrt, $"{name}_root", converter.Load(op, converter.Input(op, 0)));
        converter.Store(op, converter.Builder.Elementwise(OpTypes.Reciprocal, name, root));
    }

    /// <summary>min(max(x, 0), 1).</summary>
    public static void Relu0To1(TfliteConverter converter, TfliteOperator op) =>
        converter.Store(op, converter.Builder.Clip(converter.Output(op).LayerName, converter.Load(op, converter.Input(op, 0)), 0, 1));

    /// <summary>Logarithm of a softmax over the last axis.</summary>
    public static void LogSoftmax(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Node(
            OpTypes.LogSoftmax, converter.Output(op).LayerName, x.Shape, [x.Name], ("axis", x.IsPicture ? 1L : -1L)));
    }
}
