using System.Text.Json;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>
/// Layers that go through the steps of a sequence [N][T][F]. Their states begin at zeros, or at those of the run before where the layer is stateful.
/// </summary>
internal static class KerasRecurrent
{
    /// <summary>Gates i f c o; kernel [F][4U], recurrent_kernel [U][4U], bias [4U].</summary>
    public static ChannelsLastValue Lstm(KerasCall call) => Alone(call, OpTypes.LSTM);

    /// <summary>Gates z r h; kernel [F][3U], recurrent_kernel [U][3U], bias [3U], or [2][3U] where the reset is after the product.</summary>
    public static ChannelsLastValue Gru(KerasCall call) => Alone(call, OpTypes.GRU);

    /// <summary>kernel [F][U], recurrent_kernel [U][U], bias [U].</summary>
    public static ChannelsLastValue SimpleRnn(KerasCall call) => Alone(call, OpTypes.RNN);

    /// <summary>A layer forwards and a second one backwards, joined along the features, or step by step.</summary>
    public static ChannelsLastValue Bidirectional(KerasCall call)
    {
        var forward = call.Within("layer", "forward") ?? throw call.Fail("does not say which layer it doubles");
        var backward = call.Within("backward_layer", "backward") ?? call.Within("layer", "backward")!;
        bool turns = call.Get("backward_layer") is not { ValueKind: JsonValueKind.Object };
        ChannelsLastValue a = Direction(forward, forward.Name, forward.Bool("go_backwards", false)),
            b = Direction(backward, backward.Name, turns != backward.Bool("go_backwards", false));
        // A layer that runs backwards gives its steps in the order it made them; the doubled layer turns them back.
        if (b.Shape.Rank == 3) b = call.Builder.Backwards($"{call.Name}_turned", b);
        string merge = call.Text("merge_mode", "none");
        return merge switch
        {
            "concat" => call.Builder.Concat(call.Name, [a, b], -1),
            "sum" => call.Builder.Binary(OpTypes.Add, call.Name, a, b),
            "mul" => call.Builder.Binary(OpTypes.Mul, call.Name, a, b),
            "ave" => call.Builder.Binary(OpTypes.Mul, call.Name, call.Builder.Binary(OpTypes.Add, $"{call.Name}_sum", a, b),
                call.Builder.ConstantValue($"{call.Name}.half", Tensor.Scalar(0.5f))),
            _ => throw call.Fail($"has merge_mode {FileText.Quote(merge)}; concat, sum, mul and ave are supported"),
        };
    }

    private static ChannelsLastValue Alone(KerasCall call, string opType) => Direction(call, call.Name, call.Bool("go_backwards", false), opType);

    private static ChannelsLastValue Direction(KerasCall call, string name, bool isBackwards, string? opType = null)
    {
        opType ??= call.ClassName switch
        {
            "LSTM" => OpTypes.LSTM,
            "GRU" => OpTypes.GRU,
            "SimpleRNN" => OpTypes.RNN,
            _ => throw call.Fail($"doubles a layer of class {FileText.Quote(call.ClassName)}; LSTM, GRU and SimpleRNN are supported"),
        };
        if (call.Input.Shape.Rank != 3) throw call.Fail($"takes a sequence [steps][features], but its input has shape {call.Input.Shape}");
        if (call.Bool("time_major", false)) throw call.Fail("has time_major set, which is not supported; build the model with the batch first");
        var layer = Layer(call, opType) with { KeepsState = call.Bool("stateful", false) };
        if (layer.Weights.Shape[1] != call.Input.Shape[2])
            throw call.Fail($"has a kernel for {layer.Weights.Shape[1]} features, but its input has shape {call.Input.Shape}");
        var x = isBackwards ? call.Builder.Backwards($"{name}_backwards", call.Input) : call.Input;
        return call.Builder.Recurrent(name, x, layer, call.Bool("return_sequences", false));
    }

    private static RecurrentLayer Layer(KerasCall call, string opType)
    {
        int gates = opType switch { OpTypes.LSTM => 4, OpTypes.GRU => 3, _ => 1 };
        Tensor kernel = call.Weight("kernel", 2), recurrent = call.Weight("recurrent_kernel", 2);
        int rows = recurrent.Shape[1], units = recurrent.Shape[0];
        if (rows != gates * units || kernel.Shape[1] != rows)
            throw call.Fail($"has kernels of shape {kernel.Shape} and {recurrent.Shape}; {gates} gates of {units} units are expected");
        bool resetsAfter = opType == OpTypes.GRU && call.Bool("reset_after", false);
        int[] order = opType == OpTypes.LSTM ? [0, 3, 1, 2] : opType == OpTypes.GRU ? [0, 1, 2] : [0];
        Tensor Gates(Tensor weights) => RecurrentLayer.Reorder(TensorTranspose.Apply(weights, 1, 0), order);
        var (names, slopes) = Activations(call, opType);
        return new(opType, Gates(kernel), Gates(recurrent), Bias(call, rows, resetsAfter, order), names)
        {
            Slopes = slopes,
            ResetsAfter = resetsAfter,
        };
    }

    private static Tensor? Bias(KerasCall call, int rows, bool resetsAfter, int[] order)
    {
        if (!call.Bool("use_bias", true)) return null;
        var bias = call.Weight("bias", resetsAfter ? 2 : 1);
        if (bias.Shape != (resetsAfter ? new Shape(2, rows) : new Shape(rows)))
            throw call.Fail($"has a bias of shape {bias.Shape} for {rows} rows of weights");
        float[] both = new float[2 * rows];
        bias.As<float>().CopyTo(both);
        var halves = new[] { both[..rows], both[rows..] }
            .SelectMany(half => RecurrentLayer.Reorder(Tensor.Vector<float>(half), order).As<float>().ToArray());
        return Tensor.Vector<float>([.. halves]);
    }

    private static (string[] Names, float[] Slopes) Activations(KerasCall call, string opType)
    {
        string cell = call.Text("activation", "tanh"), gate = call.Text("recurrent_activation", "sigmoid");
        string[] functions = opType switch { OpTypes.LSTM => [gate, cell, cell], OpTypes.GRU => [gate, cell], _ => [cell] };
        // ONNX's functions take their slopes from one list, in order; only these have one.
        float[] slopes = [.. functions.Where(static f => f is "hard_sigmoid" or "linear")
            .Select(f => f == "linear" ? 1 : call.IsKeras3 ? 1f / 6 : 0.2f)];
        return ([.. functions.Select(f => f switch
        {
            "tanh" => OpTypes.Tanh,
            "sigmoid" => OpTypes.Sigmoid,
            "relu" => OpTypes.Relu,
            "softsign" => "Softsign",
            "softplus" => "Softplus",
            "hard_sigmoid" => "HardSigmoid",
            "linear" => "Affine",
            _ => throw call.Fail(
                $"has the activation {FileText.Quote(f)}; tanh, sigmoid, hard_sigmoid, relu, softsign, softplus and linear are supported"),
        })], slopes);
    }
}
