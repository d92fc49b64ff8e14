using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>
/// Recurrent layers over whole sequences. TensorFlow Lite keeps their states in variables of the model, which its interpreter makes zeros when it is
/// told to reset them; here every run begins at zeros, as the layer of which the converter made the operator does.
/// </summary>
internal static class TfliteRecurrent
{
    // Where the inputs of one direction begin: its weights of the inputs (i f c o), of the state, of the cell (i f o), and its biases (i f c o).
    private const int Recurrent = 4, Peephole = 8, Bias = 11, Projection = 15;
    private const int FirstOfLstm = 1, BackwardsOfBidirectional = 18, LayerNormOfLstm = 20, AuxiliaryOfBidirectional = 39;

    /// <summary>UNIDIRECTIONAL_SEQUENCE_LSTM.</summary>
    public static void Lstm(TfliteConverter converter, TfliteOperator op)
    {
        var options = Options(converter, op);
        RefuseClips(converter, op, options);
        for (int i = LayerNormOfLstm; i < op.Inputs.Length; i++)
            if (converter.Optional(op, i) is { } norm) throw converter.Fail(op, $"normalises its gates with {norm}, which is not supported");
        var layer = LstmLayer(converter, op, FirstOfLstm, Function(converter, op, options.Byte(0)));
        Store(converter, op, Run(converter, op, layer, options.Bool(3), converter.Output(op).LayerName), converter.Output(op), options.Bool(3));
    }

    /// <summary>BIDIRECTIONAL_SEQUENCE_LSTM: one output of both directions, or two.</summary>
    public static void BidirectionalLstm(TfliteConverter converter, TfliteOperator op)
    {
        var options = Options(converter, op);
        RefuseClips(converter, op, options);
        for (int i = AuxiliaryOfBidirectional; i < op.Inputs.Length; i++)
            if (converter.Optional(op, i) is { } other) throw converter.Fail(op, $"reads the auxiliary input {other}, which is not supported");
        bool isTimeFirst = options.Byte(4, 1) != 0, isMerged = options.Bool(3);
        if (op.Outputs.Length != (isMerged ? 1 : 2)) throw converter.Fail(op, $"has {op.Outputs.Length} outputs; {(isMerged ? 1 : 2)} are expected");
        string function = Function(converter, op, options.Byte(0)), name = converter.OutputAt(op, 0).LayerName;
        var forwards = Run(converter, op, LstmLayer(converter, op, FirstOfLstm, function), isTimeFirst, $"{name}_forward");
        var backwards = Run(
            converter, op, LstmLayer(converter, op, BackwardsOfBidirectional, function) with { IsReverse = true }, isTimeFirst, $"{name}_backward");
        if (isMerged)
        {
            Store(converter, op, converter.Builder.Concat(name, [forwards, backwards], -1), converter.OutputAt(op, 0), isTimeFirst);
            return;
        }

        Store(converter, op, forwards, converter.OutputAt(op, 0), isTimeFirst);
        Store(converter, op, backwards, converter.OutputAt(op, 1), isTimeFirst);
    }

    /// <summary>UNIDIRECTIONAL_SEQUENCE_RNN: weights of the inputs, of the state, bias.</summary>
    public static void Rnn(TfliteConverter converter, TfliteOperator op)
    {
        var options = Options(converter, op);
        Tensor weights = Weights(converter, op, 1), recurrent = Weights(converter, op, 2), bias = Vector(converter, op, 3, recurrent.Shape[0]);
        float[] both = [.. bias.As<float>(), .. new float[recurrent.Shape[0]]];
        var layer = new RecurrentLayer(
            OpTypes.RNN, weights, recurrent, Tensor.Vector<float>(both), [Function(converter, op, options.Byte(1))]);
        Store(converter, op, Run(converter, op, layer, options.Bool(0), converter.Output(op).LayerName), converter.Output(op), options.Bool(0));
    }

    private static ChannelsLastValue Run(TfliteConverter converter, TfliteOperator op, RecurrentLayer layer, bool isTimeFirst, string name)
    {
        var tensor = converter.Input(op, 0);
        int units = layer.Units, rows = layer.Weights.Shape[0];
        if (tensor.Shape.Rank != 3 || tensor.Shape[2] != layer.Weights.Shape[1] || layer.Recurrent.Shape != new Shape(rows, units)
            || rows % units != 0)
            throw converter.Fail(
                op, $"has weights of shape {layer.Weights.Shape} and {layer.Recurrent.Shape} in all for an input of shape {tensor.Shape}");
        var x = converter.Load(op, tensor);
        if (isTimeFirst) x = converter.Builder.Transpose($"{name}_batch_first_input", x, [1, 0, 2]);
        return converter.Builder.Recurrent(name, x, layer, isSequence: true);
    }

    private static void Store(TfliteConverter converter, TfliteOperator op, ChannelsLastValue value, TfliteTensor output, bool isTimeFirst) =>
        converter.Store(op, output, isTimeFirst ? converter.Builder.Transpose($"{output.LayerName}_time_first_output", value, [1, 0, 2]) : value);

    private static RecurrentLayer LstmLayer(TfliteConverter converter, TfliteOperator op, int first, string function)
    {
        if (converter.Optional(op, first + Projection) is { } projection)
            throw converter.Fail(op, $"projects its state by {projection}, which is not supported");
        var forget = Weights(converter, op, first + Recurrent + 1);
        int units = forget.Shape[0];
        // Without an input gate the input is 1 - forget, and 1 - sigmoid(x) is sigmoid(-x).
        bool isCoupled = converter.Optional(op, first) is null;
        Tensor Gates(Func<int, Tensor?> of, params ReadOnlySpan<int> order)
        {
            var parts = new List<float>();
            foreach (int gate in order)
            {
                var part = gate == 0 && isCoupled ? Negated(of(1)!) : of(gate)!;
                parts.AddRange(part.As<float>());
            }

            var one = of(1)!;
            var shape = one.Shape.Rank == 1 ? new Shape(parts.Count) : new Shape(order.Length * one.Shape[0], one.Shape[1]);
            return Tensor.From<float>(shape, [.. parts]);
        }

        var bias = Gates(gate => Vector(converter, op, first + Bias + gate, units), 0, 3, 1, 2);
        return new(OpTypes.LSTM, Gates(gate => Same(converter, op, first + gate, first + 1), 0, 3, 1, 2),
            Gates(gate => Same(converter, op, first + Recurrent + gate, first + Recurrent + 1), 0, 3, 1, 2),
            Tensor.Vector<float>([.. bias.As<float>(), .. new float[4 * units]]), [OpTypes.Sigmoid, function, function])
        {
            // The file has i f o, as ONNX has i o f.
            Peepholes = converter.Optional(op, first + Peephole + 1) is null ? null
                : Gates(gate => Vector(converter, op, first + Peephole + gate, units), 0, 2, 1),
        };
    }

    private static Tensor Same(TfliteConverter converter, TfliteOperator op, int input, int like)
    {
        Tensor weights = Weights(converter, op, input), other = Weights(converter, op, like);
        return weights.Shape == other.Shape ? weights
            : throw converter.Fail(op, $"has gates with weights of shape {weights.Shape} and {other.Shape}, which do not fit");
    }

    private static Tensor Weights(TfliteConverter converter, TfliteOperator op, int input) =>
        Floats(converter, op, TfliteConvolutions.Weights(converter, op, input, 2));

    private static Tensor Vector(TfliteConverter converter, TfliteOperator op, int input, int units)
    {
        var tensor = converter.Constant(op, converter.Input(op, input));
        return tensor.Shape == new Shape(units) ? Floats(converter, op, tensor)
            : throw converter.Fail(op, $"reads {tensor} of shape {tensor.Shape}, where {units} numbers are expected");
    }

    private static Tensor Floats(TfliteConverter converter, TfliteOperator op, TfliteTensor tensor) =>
        tensor.Type is ElementType.Float32 or ElementType.Float16 ? converter.Finite(tensor, tensor.Constant!)
        : tensor.IsQuantized && !converter.Input(op, 0).IsQuantized
            ? TfliteConvolutions.Dequantized(tensor.Constant!, tensor.Quantization!, tensor.Quantization!.Axis)
        : throw converter.Fail(op, $"reads {tensor} of type {tensor.Type}; float, or 8-bit integers beside a float input, are supported");

    private static Tensor Negated(Tensor x) => Tensor.From<float>(x.Shape, [.. x.ToFloats().Select(static v => -v)]);

    private static void RefuseClips(TfliteConverter converter, TfliteOperator op, FlatTable options)
    {
        if (options.Single(1) > 0 || options.Single(2) > 0) throw converter.Fail(op, "clips its cells or its projection, which is not supported");
    }

    // ActivationFunctionType of the schema.
    private static string Function(TfliteConverter converter, TfliteOperator op, int number) => number switch
    {
        1 => OpTypes.Relu,
        4 => OpTypes.Tanh,
        _ => throw converter.Fail(op, $"has the activation number {number}; TANH and RELU are supported"),
    };

    private static FlatTable Options(TfliteConverter converter, TfliteOperator op) =>
        op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
}
