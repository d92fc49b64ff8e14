using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>Recurrent layers.</summary>
internal sealed partial class ChannelsLastBuilder
{
    private readonly List<(string Output, string Input, Shape Shape)> _states = [];

    /// <summary>Adds one direction of a recurrent layer, which begins at zeros or at the state of the run before.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">[N][T][F].</param>
    /// <param name="layer">Weights and functions; they fit the input.</param>
    /// <param name="isSequence">Whether every step's state is wanted, [N][T][U], and not only the last one's, [N][U].</param>
    public ChannelsLastValue Recurrent(string name, ChannelsLastValue x, RecurrentLayer layer, bool isSequence)
    {
        int batch = x.Shape[0], steps = x.Shape[1];
        var timeFirst = Transpose($"{name}_time_first", x, [1, 0, 2]);
        string One(string what, Tensor? value) =>
            value is null ? "" : Constant($"{name}.{what}", value.Reshape(new Shape([1, .. value.Shape.Dimensions])));
        string[] inputs =
        [
            timeFirst.Name, One("weight", layer.Weights), One("recurrent_weight", layer.Recurrent), One("bias", layer.Bias), "", "", "",
            One("peepholes", layer.Peepholes),
        ];
        string unique = Unique(name), sequence = isSequence ? Unique($"{name}_sequence") : "", cell = "";
        string last = layer.KeepsState ? State($"{name}_state", new Shape(1, batch, layer.Units), out inputs[5])
            : isSequence ? "" : Unique($"{name}_last");
        if (layer is { KeepsState: true, OpType: OpTypes.LSTM }) cell = State($"{name}_cell", new Shape(1, batch, layer.Units), out inputs[6]);
        string[] outputs = [sequence, last, cell];
        var node = new Node(
            layer.OpType, unique, inputs[..(Array.FindLastIndex(inputs, static i => i.Length > 0) + 1)],
            outputs[..(Array.FindLastIndex(outputs, static o => o.Length > 0) + 1)]);
        node.Attributes["hidden_size"] = (long)layer.Units;
        node.Attributes["activations"] = layer.Activations.ToArray();
        if (layer.Slopes.Count > 0) node.Attributes["activation_alpha"] = layer.Slopes.ToArray();
        if (layer.IsReverse) node.Attributes["direction"] = "reverse";
        if (layer.OpType == OpTypes.GRU) node.Attributes["linear_before_reset"] = layer.ResetsAfter ? 1L : 0L;
        Graph.Add(node);
        string axis = Constant($"{name}.direction_axis", Tensor.Vector<long>(isSequence ? 1 : 0));
        if (!isSequence) return Node(OpTypes.Squeeze, $"{name}_squeezed", ShapeOf(name, batch, layer.Units), [last, axis]);
        var states = Node(OpTypes.Squeeze, $"{name}_squeezed", ShapeOf(name, steps, batch, layer.Units), [sequence, axis]);
        return Transpose($"{name}_batch_first", states, [1, 0, 2]);
    }

    /// <summary>Makes the states outputs of the network, behind what it is for.</summary>
    /// <returns>Which output is which input of the next run.</returns>
    public IReadOnlyList<ModelState> OutputStates()
    {
        Graph.Outputs.AddRange(_states.Select(static s => new TensorInfo(s.Output, ElementType.Float32, s.Shape)));
        return [.. _states.Select(static s => new ModelState(s.Output, s.Input))];
    }

    private string State(string name, Shape shape, out string input)
    {
        input = Unique($"{name}_in");
        Graph.Inputs.Add(new TensorInfo(input, ElementType.Float32, shape));
        _states.Add((Unique($"{name}_out"), input, shape));
        return _states[^1].Output;
    }

    /// <summary>The steps of a sequence [N][T][F] in the opposite order.</summary>
    public ChannelsLastValue Backwards(string name, ChannelsLastValue x) =>
        Slice(name, x, [(0, 1, x.Shape[0]), (x.Shape[1] - 1, -1, x.Shape[1]), (0, 1, x.Shape[2])]);
}
