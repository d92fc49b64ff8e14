using System.Text.Json;
using ResNetEdge.Exporter.Import.Hdf5;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>A Keras model as an ONNX graph, layer by layer.</summary>
internal sealed class KerasConverter
{
    private const string InputLayer = "InputLayer";

    private readonly KerasModel _model;
    private readonly Hdf5Object _weights;
    private readonly (int Height, int Width)? _size;
    private readonly ChannelsLastBuilder _builder;
    private readonly Dictionary<(string Layer, int Call), ChannelsLastValue> _values = [];

    private KerasConverter(KerasModel model, Hdf5Object weights, (int Height, int Width)? size)
    {
        (_model, _weights, _size) = (model, weights, size);
        _builder = new(model.Path) { Graph = { Name = ChannelsLastBuilder.Printable(model.Name) } };
    }

    /// <summary>Converts a Keras model to a graph.</summary>
    /// <param name="model">The model's layers and their settings.</param>
    /// <param name="weights">Group that holds a group of weights per layer.</param>
    /// <param name="size">Height and width in pixels where the model leaves them open.</param>
    /// <exception cref="EdgeException">Exit 3: a layer or a use of it that is not read.</exception>
    public static ImportedModel Convert(KerasModel model, Hdf5Object weights, (int Height, int Width)? size) =>
        new KerasConverter(model, weights, size).Convert();

    private ImportedModel Convert()
    {
        var pending = _model.Layers.SelectMany(layer => layer.Calls.Select((inputs, call) => (Layer: layer, Call: call, Inputs: inputs))).ToList();
        while (pending.Count > 0)
        {
            var waiting = new List<(KerasLayer Layer, int Call, IReadOnlyList<KerasTensorId> Inputs)>();
            foreach (var (layer, call, inputs) in pending)
            {
                if (inputs.All(i => _values.ContainsKey((i.Layer, i.Call)))) Put(layer, call, inputs);
                else waiting.Add((layer, call, inputs));
            }

            if (waiting.Count == pending.Count)
                throw _model.Fail(waiting[0].Layer, "reads a value that no layer produces; the configuration is damaged");
            pending = waiting;
        }

        foreach (var output in _model.Outputs) _builder.Output(Value(output), $"{output.Layer}_output");
        return new(_builder.Graph, _builder.Graph.Name) { States = _builder.OutputStates() };
    }

    private void Put(KerasLayer layer, int call, IReadOnlyList<KerasTensorId> inputs)
    {
        if (inputs.Any(static i => i.Output != 0)) throw _model.Fail(layer, "reads the second output of a layer, which is not supported");
        var value = layer.ClassName == InputLayer ? Input(layer)
            : KerasLayerTable.Find(_model, layer).Convert(new(_model, layer, _weights.Find(layer.Name), _builder, [.. inputs.Select(Value)]));
        if (!_values.TryAdd((layer.Name, call), value)) throw _model.Fail(layer, "occurs twice in the configuration");
    }

    private ChannelsLastValue Value(KerasTensorId id) =>
        id.Output != 0 ? throw EdgeException.BadInput($"{_model.Path}: the model's output {Checkpoints.FileText.Quote(id.Layer)} "
            + "is the second output of a layer, which is not supported")
        : _values.TryGetValue((id.Layer, id.Call), out var value) ? value
            : throw EdgeException.BadInput($"{_model.Path}: the model's output {Checkpoints.FileText.Quote(id.Layer)} is produced by no layer");

    // The batch is 1; height and width may be open, then the user says them.
    private ChannelsLastValue Input(KerasLayer layer)
    {
        JsonElement shape = default;
        if (layer.Config.ValueKind != JsonValueKind.Object
            || !(layer.Config.TryGetProperty("batch_input_shape", out shape) || layer.Config.TryGetProperty("batch_shape", out shape))
            || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() is 0 or > 4)
            throw _model.Fail(layer, "does not say the input's shape; build the model with an input shape and save it again");
        int[] dimensions = [.. shape.EnumerateArray()
            .Select((d, i) => i == 0 ? 1 : d.ValueKind == JsonValueKind.Number && d.TryGetInt32(out int size) ? size : 0)];
        if (dimensions.Length == 4 && dimensions[1] == 0 && dimensions[2] == 0)
            (dimensions[1], dimensions[2]) =
                _size ?? throw _model.Fail(layer, "leaves height and width of its input open; give them with --input CxHxW");
        return _builder.Input(layer.Name, _builder.ShapeOf(layer.Name, dimensions));
    }
}
