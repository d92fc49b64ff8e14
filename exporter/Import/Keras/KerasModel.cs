using System.Text.Json;
using ResNetEdge.Exporter.Checkpoints;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>
/// A Keras model's configuration: layers and how they are joined. Functional and Sequential models, as Keras 2 and Keras 3 write them.
/// </summary>
/// <param name="Path">First word of messages.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Layers">In the file's order.</param>
/// <param name="Inputs">Calls of the input layers.</param>
/// <param name="Outputs">What the model gives.</param>
internal sealed record KerasModel(
    string Path, string Name, IReadOnlyList<KerasLayer> Layers, IReadOnlyList<KerasTensorId> Inputs, IReadOnlyList<KerasTensorId> Outputs)
{
    /// <summary>Whether Keras 3 wrote the file.</summary>
    public bool IsKeras3 { get; init; }

    private const int MaxLayers = 10_000, MaxDepth = 64, MaxInputs = 1_000;
    private const string InputLayer = "InputLayer";

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="EdgeException">Exit 3: no JSON, not a model, or joined in a way that is not read.</exception>
    public static KerasModel Parse(string path, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(path, document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw EdgeException.BadInput(
                $"{path}: the Keras model's configuration {Trouble(e, json)}; save the whole model again with model.save(\"model.h5\")", e);
        }
    }

    /// <summary>Exit 3, naming file and layer.</summary>
    public EdgeException Fail(KerasLayer layer, string reason) => EdgeException.BadInput($"{Path}: layer {layer} {reason}");

    private static string Trouble(Exception e, string json) => e switch
    {
        JsonException when json.Trim().Length == 0 => "is empty",
        JsonException bad =>
            $"is not valid JSON: the error is in line {(bad.LineNumber ?? 0) + 1} at byte {bad.BytePositionInLine ?? 0} of {json.Length}",
        FormatException => $"is invalid: it has {e.Message}",
        _ => "is invalid: a value has a type that Keras does not write",
    };

    private static JsonElement Field(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value
            : throw new FormatException($"no '{name}' where one is expected");

    private static KerasModel Read(string path, JsonElement root)
    {
        string kind = Field(root, "class_name").GetString()!;
        var config = Field(root, "config");
        bool isSequential = kind == "Sequential";
        if (!isSequential && kind is not ("Functional" or "Model"))
            throw EdgeException.BadInput($"{path}: a Keras model of class {FileText.Quote(kind)}; "
                + "Functional and Sequential ones are supported, a subclassed model must be exported to ONNX");
        // Keras 2.2 and older give a Sequential's layers directly.
        var list = config.ValueKind == JsonValueKind.Array ? config : Field(config, "layers");
        if (list.GetArrayLength() is 0 or > MaxLayers)
            throw EdgeException.BadInput($"{path}: a Keras model of {list.GetArrayLength()} layers; 1 to {MaxLayers} are supported");
        var layers = isSequential ? Sequential(list) : [.. list.EnumerateArray().Select(Functional)];
        string name = config.ValueKind == JsonValueKind.Object && config.TryGetProperty("name", out var given)
            && given.GetString() is { Length: > 0 } own ? own : "model";
        return isSequential
            ? new(path, name, layers, [new(layers[0].Name, 0, 0)], [new(layers[^1].Name, 0, 0)])
            : new(path, name, layers, Ids(Field(config, "input_layers")), Ids(Field(config, "output_layers")));
    }

    // A Sequential without an input layer says the shape in its first layer.
    private static List<KerasLayer> Sequential(JsonElement list)
    {
        var layers = new List<KerasLayer>();
        foreach (var element in list.EnumerateArray())
        {
            var layer = Functional(element);
            if (layers.Count == 0 && layer.ClassName != InputLayer) layers.Add(new(InputLayer, $"{layer.Name}_input", layer.Config, [[]]));
            layers.Add(layer with { Calls = [layers.Count == 0 ? [] : [new(layers[^1].Name, 0, 0)]] });
        }

        return layers;
    }

    private static KerasLayer Functional(JsonElement element)
    {
        var config = Field(element, "config");
        string kind = Field(element, "class_name").GetString()!, name = NameOf(element, config);
        var calls = new List<IReadOnlyList<KerasTensorId>>();
        if (element.TryGetProperty("inbound_nodes", out var nodes))
            foreach (var node in nodes.EnumerateArray()) calls.Add(Call(node));
        if (calls.Count == 0) calls.Add([]);
        return new(kind, name, config, calls);
    }

    private static string NameOf(JsonElement element, JsonElement config) =>
        (element.TryGetProperty("name", out var name) ? name.GetString() : Field(config, "name").GetString()) is { Length: > 0 } text ? text
            : throw new FormatException("a layer without a name");

    // Keras 2: [[layer, call, output, kwargs], ...]. Keras 3: {args: [tensor or tensors], kwargs}, a tensor saying its history.
    private static List<KerasTensorId> Call(JsonElement node)
    {
        var ids = new List<KerasTensorId>();
        if (node.ValueKind == JsonValueKind.Array) ids.AddRange(node.EnumerateArray().Select(Id));
        else Histories(Field(node, "args"), ids);
        return ids;
    }

    private static void Histories(JsonElement element, List<KerasTensorId> ids)
    {
        if (ids.Count > MaxInputs) throw new FormatException($"a layer of more than {MaxInputs} inputs");
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Histories(item, ids);
        else if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("config", out var config)
            && config.TryGetProperty("keras_history", out var history))
            ids.Add(Id(history));
    }

    // One tensor may stand without the list around it.
    private static List<KerasTensorId> Ids(JsonElement list) =>
        list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String ? [Id(list)] : [.. list.EnumerateArray().Select(Id)];

    private static KerasTensorId Id(JsonElement element) =>
        new(element[0].GetString() ?? throw new FormatException("a tensor without its layer"), element[1].GetInt32(), element[2].GetInt32());
}
