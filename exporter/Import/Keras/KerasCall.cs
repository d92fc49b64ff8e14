using System.Text.Json;
using ResNetEdge.Exporter.Import.Hdf5;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>One call of one layer: settings, weights, inputs, and where nodes go.</summary>
internal sealed class KerasCall
{
    private readonly KerasModel _model;
    private readonly KerasLayer _layer;
    private readonly Hdf5Object? _weights;

    /// <summary>Prepares a call.</summary>
    /// <param name="model">For messages.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">The layer's group, or null when it has none.</param>
    /// <param name="builder">Where nodes go.</param>
    /// <param name="inputs">What it is called on.</param>
    public KerasCall(KerasModel model, KerasLayer layer, Hdf5Object? weights, ChannelsLastBuilder builder, IReadOnlyList<ChannelsLastValue> inputs) =>
        (_model, _layer, _weights, Builder, Inputs) = (model, layer, weights, builder, inputs);

    /// <summary>Where nodes go.</summary>
    public ChannelsLastBuilder Builder { get; }

    /// <summary>Which of the weights are the layer's own: those below a group of this name, or all.</summary>
    private string? Side { get; init; }

    /// <summary>What the layer is called on.</summary>
    public IReadOnlyList<ChannelsLastValue> Inputs { get; }

    /// <summary>The layer's name.</summary>
    public string Name => _layer.Name;

    /// <summary>The layer's class.</summary>
    public string ClassName => _layer.ClassName;

    /// <summary>Whether Keras 3 wrote the file, in which some functions are others.</summary>
    public bool IsKeras3 => _model.IsKeras3;

    /// <summary>The only input.</summary>
    /// <exception cref="EdgeException">Exit 3: there are several, or none.</exception>
    public ChannelsLastValue Input => Inputs.Count == 1 ? Inputs[0] : throw Fail($"has {Inputs.Count} inputs where it takes one");

    /// <summary>A text setting.</summary>
    public string Text(string name, string fallback) => Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : fallback;

    /// <summary>A yes or no.</summary>
    public bool Bool(string name, bool fallback) =>
        Get(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : fallback;

    /// <summary>A number; null when it is not given or null.</summary>
    public double? Number(string name) => Get(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>Integers: a list, or one that stands for as many as asked.</summary>
    /// <exception cref="EdgeException">Exit 3: another count, or no integers.</exception>
    public int[] Ints(string name, int count, int fallback)
    {
        switch (Get(name))
        {
            case { ValueKind: JsonValueKind.Number } one when one.TryGetInt32(out int value): return [.. Enumerable.Repeat(value, count)];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == count
                && list.EnumerateArray().All(static e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)):
                return [.. list.EnumerateArray().Select(static e => e.GetInt32())];
            case null or { ValueKind: JsonValueKind.Null }: return [.. Enumerable.Repeat(fallback, count)];
            default:
                throw Fail(
                    $"has the setting {name} = {Checkpoints.FileText.Quote(Get(name)!.Value.GetRawText())}, where {count} integers are expected");
        }
    }

    /// <summary>A setting as it is, or null.</summary>
    public JsonElement? Get(string name) =>
        _layer.Config.ValueKind == JsonValueKind.Object && _layer.Config.TryGetProperty(name, out var value) ? value : null;

    /// <summary>A call of a layer that is a setting of this one, on the same input; null when there is none.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="side">First part of the name of the group of its weights: <c>forward</c>, <c>backward</c>.</param>
    /// <exception cref="EdgeException">Exit 3: it is no layer.</exception>
    public KerasCall? Within(string name, string side)
    {
        if (Get(name) is not { ValueKind: JsonValueKind.Object } layer) return null;
        if (!layer.TryGetProperty("class_name", out var kind) || kind.ValueKind != JsonValueKind.String
            || !layer.TryGetProperty("config", out var config))
            throw Fail($"has the setting {name}, which is not a layer");
        return new(_model, new(kind.GetString()!, $"{Name}_{side}", config, []), _weights, Builder, Inputs) { Side = side };
    }

    /// <summary>Kernel, strides, dilation and padding.</summary>
    /// <param name="kernel">Height and width.</param>
    /// <param name="strides">Setting that holds the strides when they are not given; for pools the window's own size.</param>
    public ChannelsLastWindow Window(int[] kernel, int[]? strides = null)
    {
        string format = Text("data_format", "channels_last"), padding = Text("padding", "valid");
        if (format != "channels_last") throw Fail($"has data_format {Checkpoints.FileText.Quote(format)}; channels_last is supported");
        if (padding is not ("same" or "valid")) throw Fail($"has padding {Checkpoints.FileText.Quote(padding)}; same and valid are supported");
        int[] stride = Get("strides") is { ValueKind: JsonValueKind.Null } or null ? strides ?? [1, 1] : Ints("strides", 2, 1),
            dilation = Ints("dilation_rate", 2, 1);
        return new(kernel[0], kernel[1], stride[0], stride[1], dilation[0], dilation[1], padding == "same");
    }

    /// <summary>A weight as float32.</summary>
    /// <param name="name">Last part of its path, e.g. <c>kernel</c>.</param>
    /// <param name="rank">Axes that it must have.</param>
    /// <exception cref="EdgeException">Exit 3: it is missing, of another rank or type, or holds NaN or infinity.</exception>
    public Tensor Weight(string name, int rank) =>
        OptionalWeight(name, rank) ?? throw Fail($"has no weight {Checkpoints.FileText.Quote(name)}; the file is incomplete, save the model again");

    /// <summary>A weight as float32, or null when the layer has none of that name.</summary>
    public Tensor? OptionalWeight(string name, int rank)
    {
        string? path = _weights?.Texts("weight_names")?.FirstOrDefault(p => p.Split('/') is var parts
            && parts[^1].Split(':')[0] == name && (Side is null || parts.Any(part => part.StartsWith(Side, StringComparison.Ordinal))));
        if (path is null) return null;
        var data = _weights!.Find(path) ?? throw Fail($"names the weight {Checkpoints.FileText.Quote(path)}, which the file does not hold");
        var tensor = data.Read();
        if (tensor.Type is not (ElementType.Float32 or ElementType.Float16 or ElementType.Float64) || tensor.Shape.Rank != rank)
            throw Fail($"has the weight {Checkpoints.FileText.Quote(name)} of type {tensor.Type} and shape "
                + $"{tensor.Shape}; floats of {rank} axes are expected");
        float[] values = tensor.ToFloats();
        int bad = Array.FindIndex(values, static v => !float.IsFinite(v));
        if (bad >= 0)
            throw Fail($"holds {values[bad]} at element {bad} of its weight {Checkpoints.FileText.Quote(name)}; "
                + "the training diverged or the file is damaged");
        return tensor.Type == ElementType.Float32 ? tensor : Tensor.From<float>(tensor.Shape, values);
    }

    /// <summary>Exit 3, naming file and layer.</summary>
    public EdgeException Fail(string reason) => _model.Fail(_layer, reason);
}
