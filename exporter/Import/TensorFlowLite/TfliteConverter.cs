using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>
/// A TensorFlow Lite model as an ONNX graph. Float models become float graphs. In quantised ones every 8-bit tensor becomes a QuantizeLinear with the
/// file's scale and zero point and, for each reader, a DequantizeLinear; weights and biases keep their integers.
/// </summary>
/// <remarks>
/// TensorFlow Lite requantises with a fixed-point multiplier of 31 bits and rounds ties away from zero, ONNX with a float scale and ties to even: an
/// 8-bit value can differ by one step. docs/decisions/0020-imports.md has the measured differences.
/// </remarks>
internal sealed class TfliteConverter
{
    private readonly TfliteModel _model;
    private readonly ChannelsLastValue?[] _floats; // by tensor: its float form
    private readonly Dictionary<int, ChannelsLastValue> _integers = [];
    private readonly string?[] _quantized; // by tensor: its 8-bit form
    private readonly (string Scale, string ZeroPoint)?[] _parameters; // by tensor

    private readonly Dictionary<int, TfliteTensor> _widened; // output of a DEQUANTIZE → the constant that it reads

    private TfliteConverter(TfliteModel model)
    {
        _model = model;
        _widened = model.Operators
            .Where(op => op is { Type: "DEQUANTIZE", Inputs: [>= 0], Outputs: [_] } && model.Tensors[op.Inputs[0]].Constant is not null)
            .ToDictionary(op => op.Outputs[0], op => model.Tensors[op.Inputs[0]]);
        _floats = new ChannelsLastValue?[model.Tensors.Count];
        _quantized = new string?[model.Tensors.Count];
        _parameters = new (string, string)?[model.Tensors.Count];
        Builder = new(model.Path) { Graph = { Name = ChannelsLastBuilder.Printable(model.Name) } };
    }

    /// <summary>Where nodes go.</summary>
    public ChannelsLastBuilder Builder { get; }

    /// <summary>Converts a TensorFlow Lite model to a graph.</summary>
    /// <exception cref="EdgeException">Exit 3: an operator or a use of it that is not read.</exception>
    public static ImportedModel Convert(TfliteModel model) => new TfliteConverter(model).Convert();

    /// <summary>The tensor of an operator's input.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator has fewer inputs.</exception>
    public TfliteTensor Input(TfliteOperator op, int index) => Optional(op, index) ?? throw Fail(op, $"has no input {index}");

    /// <summary>The tensor of an operator's input, or null when it is left out.</summary>
    public TfliteTensor? Optional(TfliteOperator op, int index) =>
        index < op.Inputs.Length && op.Inputs[index] >= 0 ? _model.Tensors[op.Inputs[index]] : null;

    /// <summary>A tensor that must be a constant; one that a DEQUANTIZE made of a constant counts as that.</summary>
    /// <exception cref="EdgeException">Exit 3: it is computed.</exception>
    public TfliteTensor Constant(TfliteOperator op, TfliteTensor tensor) =>
        tensor.Constant is not null ? tensor : _widened.GetValueOrDefault(tensor.Index) ?? throw Fail(op, $"reads {tensor}, which must be constant");

    /// <summary>The tensor of an operator's only output.</summary>
    /// <exception cref="EdgeException">Exit 3: it has none or several.</exception>
    public TfliteTensor Output(TfliteOperator op) =>
        op.Outputs.Length == 1 ? _model.Tensors[op.Outputs[0]] : throw Fail(op, $"has {op.Outputs.Length} outputs; one is supported");

    /// <summary>The tensor of one of an operator's outputs.</summary>
    public TfliteTensor OutputAt(TfliteOperator op, int index) => _model.Tensors[op.Outputs[index]];

    /// <summary>A tensor as a float value of the graph, to be read by one node.</summary>
    /// <exception cref="EdgeException">Exit 3: it holds something else than numbers.</exception>
    public ChannelsLastValue Load(TfliteOperator op, TfliteTensor tensor)
    {
        if (tensor.IsQuantized && (_quantized[tensor.Index] ?? ConstantIntegers(tensor)) is { } integers) return Dequantize(tensor, integers);
        if (_floats[tensor.Index] is { } made) return made;
        if (tensor.Constant is { Type: ElementType.Float32 or ElementType.Float16 } constant)
            return (_floats[tensor.Index] = Builder.ConstantValue(tensor.LayerName, Finite(tensor, constant)))!;
        throw Fail(op, $"reads {tensor} of type {tensor.Type}, where a number of 32-bit float, int8 or uint8 is supported");
    }

    /// <summary>The integers of a constant that says how, not what: a shape, axes, paddings.</summary>
    /// <exception cref="EdgeException">Exit 3: it is computed, or no integers.</exception>
    public long[] Integers(TfliteOperator op, TfliteTensor tensor) => tensor.Constant is { Type: ElementType.Int32 or ElementType.Int64 } constant
        ? constant.ToInt64s() : throw Fail(op, $"reads {tensor}, which must be constant integers");

    /// <summary>Gives an operator's output its value, quantised where the file has it so.</summary>
    public void Store(TfliteOperator op, ChannelsLastValue value) => Store(op, Output(op), value);

    /// <summary>Gives one of an operator's outputs its value.</summary>
    public void Store(TfliteOperator op, TfliteTensor output, ChannelsLastValue value)
    {
        if (value.Shape != output.Shape) throw Fail(op, $"produces shape {value.Shape}, but the file declares {output} of shape {output.Shape}");
        Store(output, value);
    }

    /// <summary>Gives an operator's output integers, which nothing but the network's caller reads.</summary>
    public void StoreIntegers(TfliteOperator op, ChannelsLastValue value)
    {
        var tensor = Output(op);
        if (value.Shape != tensor.Shape || tensor.Type is not (ElementType.Int32 or ElementType.Int64) || !_model.Outputs.Contains(tensor.Index))
            throw Fail(op, $"produces integers of shape {value.Shape} as {tensor}; only an output of the network may hold them");
        _integers[tensor.Index] = value;
    }

    /// <summary>Exit 3, naming file and operator.</summary>
    public EdgeException Fail(TfliteOperator op, string reason) => _model.Fail(op, reason);

    /// <summary>A constant's numbers, float16 widened.</summary>
    /// <exception cref="EdgeException">Exit 3: one of them is NaN or infinite.</exception>
    public Tensor Finite(TfliteTensor tensor, Tensor constant)
    {
        float[] values = constant.ToFloats();
        int bad = Array.FindIndex(values, static v => !float.IsFinite(v));
        return bad < 0 ? constant.Type == ElementType.Float32 ? constant : Tensor.From<float>(constant.Shape, values)
            : throw _model.Fail(tensor, $"holds {values[bad]} at element {bad}; the training diverged or the file is damaged");
    }

    private ImportedModel Convert()
    {
        PixelRange? pixels = null;
        foreach (int number in _model.Inputs)
        {
            var tensor = _model.Tensors[number];
            if (!tensor.IsQuantized && tensor.Type != ElementType.Float32)
                throw _model.Fail($"input {tensor}", $"is {tensor.Type}; float32, int8 and uint8 are supported");
            var input = Builder.Input(tensor.LayerName, tensor.Shape, tensor.Type);
            if (tensor.IsQuantized) _quantized[tensor.Index] = input.Name;
            else Store(tensor, input);
            if (tensor.IsQuantized && tensor.Quantization is { Scales: [var scale], ZeroPoints: [var zero] })
                pixels ??= PixelRange.OfSteps(scale, zero, tensor.Type == ElementType.Int8 ? sbyte.MinValue : 0);
        }

        foreach (var op in _model.Operators) TfliteOperatorTable.Find(op, _model).Convert(this, op);
        foreach (int number in _model.Outputs)
        {
            var tensor = _model.Tensors[number];
            var last = new TfliteOperator(_model.Operators.Count, "the output", [], [], null);
            if (_integers.TryGetValue(number, out var integers)) Builder.Output(integers, $"{tensor.LayerName}_output", tensor.Type);
            else Builder.Output(Load(last, tensor), $"{tensor.LayerName}_output");
        }

        var variables = _model.Tensors.Where(static tensor => tensor.IsVariable).ToList();
        string[] notes = variables.Count == 0 ? []
            : [$"the states of the recurrent layers ({variables[0]} and others) begin at zeros in each run, "
                + "as after the interpreter's reset_all_variables()"];
        return new(Builder.Graph, Builder.Graph.Name) { Pixels = pixels, Notes = notes };
    }

    private void Store(TfliteTensor tensor, ChannelsLastValue value)
    {
        if (!tensor.IsQuantized)
        {
            if (tensor.Type != ElementType.Float32) throw _model.Fail(tensor, $"is {tensor.Type}; float32, int8 and uint8 are supported");
            _floats[tensor.Index] = value;
            return;
        }

        var (scale, zeroPoint) = Parameters(tensor);
        var node = new Node(OpTypes.QuantizeLinear, Builder.Unique($"{tensor.LayerName}_QuantizeLinear"), [value.Name, scale, zeroPoint],
            [Builder.Unique($"{tensor.LayerName}_quantized")]);
        _quantized[tensor.Index] = Builder.Graph.Add(node);
    }

    private ChannelsLastValue Dequantize(TfliteTensor tensor, string integers)
    {
        var (scale, zeroPoint) = Parameters(tensor);
        return Builder.Node(OpTypes.DequantizeLinear, $"{tensor.LayerName}_dequantized", tensor.Shape, [integers, scale, zeroPoint]);
    }

    private string? ConstantIntegers(TfliteTensor tensor) =>
        tensor.Constant is { } constant ? _quantized[tensor.Index] = Builder.ConstantValue($"{tensor.LayerName}_quantized", constant).Name : null;

    private (string Scale, string ZeroPoint) Parameters(TfliteTensor tensor)
    {
        var quantization = tensor.Quantization!;
        if (quantization.Scales.Length != 1) throw _model.Fail(tensor, "is an activation with a scale per channel, which is not supported");
        return _parameters[tensor.Index] ??= (Builder.Constant($"{tensor.LayerName}_scale", quantization.ScaleTensor),
            Builder.Constant($"{tensor.LayerName}_zero_point", quantization.ZeroPointTensor(tensor.Type)));
    }
}
