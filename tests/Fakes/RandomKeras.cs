using System.Text.Json.Nodes;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Seeded Keras models: the file, an input, and what Keras' definitions make of it.</summary>
internal sealed class RandomKeras
{
    private readonly TinyHdf5.Group _weights = new();
    private readonly JsonArray _layers = [];
    private readonly Random _random;
    private readonly bool _isKeras3;

    private RandomKeras(int seed) => (_random, _isKeras3) = (new(seed), seed % 2 == 1);

    public static (byte[] File, float[] Input, float[] Expected) Make(int seed) => new RandomKeras(seed).Make();

    /// <summary>A file around a configuration and weights.</summary>
    public static byte[] File(JsonObject? config, TinyHdf5.Group weights, string version = "2.4.0")
    {
        var root = new TinyHdf5.Group { Attributes = { ("keras_version", version) } };
        if (config is not null) root.Attributes.Add(("model_config", config.ToJsonString()));
        root.Children["model_weights"] = weights;
        return TinyHdf5.Write(root);
    }

    private (byte[] File, float[] Input, float[] Expected) Make()
    {
        var input = ChannelsLast.Random(_random, 1, _random.Next(6, 12), _random.Next(6, 12), _random.Next(1, 4));
        Layer("InputLayer", "input_1", [],
            new() { [_isKeras3 ? "batch_shape" : "batch_input_shape"] = new JsonArray(null, input.Shape[1], input.Shape[2], input.Shape[3]) });
        var (at, x) = ("input_1", input);
        for (int layers = _random.Next(3, 8); layers > 0; layers--) (at, x) = Step(at, x);
        (at, x) = _random.Next(2) == 0 ? Dense(Layer("Flatten", at), x.As(1, x.Data.Length)) : Dense(Layer("GlobalAveragePooling2D", at), Mean(x));
        var ends = new JsonArray(at, 0, 0);
        var config = new JsonObject
        {
            ["class_name"] = "Functional",
            ["config"] = new JsonObject
            {
                ["name"] = "model",
                ["layers"] = _layers,
                ["input_layers"] = new JsonArray(new JsonArray("input_1", 0, 0)),
                ["output_layers"] = _isKeras3 ? ends : new JsonArray(ends),
            },
        };
        return (File(config, _weights), input.ChannelsFirst(), x.Data);
    }

    private (string, ChannelsLast) Step(string at, ChannelsLast x)
    {
        bool same = x.Shape[1] < 4 || x.Shape[2] < 4 || _random.Next(2) == 0;
        int stride = _random.Next(1, 3), channels = x.Shape[3];
        switch (_random.Next(8))
        {
            case 0 or 1: return Conv(at, x, _random.Next(1, 4), stride, same, _random.Next(1, 6));
            case 2:
                float[] gamma = Positive(channels), beta = Positive(channels), mean = Positive(channels), variance = Positive(channels);
                string norm = Layer(
                    "BatchNormalization", $"norm{_layers.Count}", [at],
                    new() { ["axis"] = new JsonArray(3), ["epsilon"] = 0.001, ["center"] = true, ["scale"] = true });
                Weights(norm, ("gamma", [channels], gamma), ("beta", [channels], beta), ("moving_mean", [channels], mean),
                    ("moving_variance", [channels], variance));
                float[] k = [.. gamma.Zip(variance, (g, v) => (float)(g / Math.Sqrt(v + 0.001)))];
                return (norm, x.TimesVector(k).PlusVector([.. beta.Select((b, i) => b - mean[i] * k[i])]));
            case 3:
                var depthwise = ChannelsLast.Random(_random, 3, 3, channels, 2);
                string layer = Layer(
                    "DepthwiseConv2D", $"depthwise{_layers.Count}", [at],
                    Window("strides", stride, same, new() { ["use_bias"] = false, ["depth_multiplier"] = 2, ["activation"] = "linear" }));
                Weights(layer, (_isKeras3 ? "kernel" : "depthwise_kernel", depthwise.Shape, depthwise.Data));
                return (layer, x.Depthwise(new([3, 3, channels * 2], depthwise.Data), 2, stride, same));
            case 4:
                return (Layer(
                    "MaxPooling2D", $"pool{_layers.Count}", [at],
                    Window("strides", stride, same, new() { ["pool_size"] = new JsonArray(2, 2) })), x.MaxPool(2, stride, same));
            case 5:
                return (Layer(
                    "AveragePooling2D", $"pool{_layers.Count}", [at],
                    Window("strides", stride, same, new() { ["pool_size"] = new JsonArray(3, 3) })), x.AveragePool(3, stride, same));
            case 6:
                var (branch, y) = Conv(at, x, 3, 1, same: true, channels);
                return (
                    Layer("ReLU", $"relu{_layers.Count}", [Layer("Add", $"add{_layers.Count}", [branch, at], new())], new() { ["max_value"] = null }),
                    x.Plus(y).Map(v => Math.Max(v, 0)));
            default:
                string padded = Layer(
                    "ZeroPadding2D", $"pad{_layers.Count}", [at], new() { ["padding"] = new JsonArray(new JsonArray(0, 1), new JsonArray(1, 0)) });
                string dropped = Layer("Dropout", $"dropout{_layers.Count}", [padded], new() { ["rate"] = 0.5 });
                // ONNX Runtime moves zeros into MaxPool, whose padding is none.
                return Conv(dropped, x.Pad(0, 1, 1, 0), 2, stride, same: false, channels);
        }
    }

    private (string, ChannelsLast) Conv(string at, ChannelsLast x, int kernel, int stride, bool same, int filters)
    {
        var weights = ChannelsLast.Random(_random, kernel, kernel, x.Shape[3], filters);
        float[] bias = ChannelsLast.Random(_random, filters).Data;
        bool relu = _random.Next(2) == 0;
        string layer = Layer(
            "Conv2D", $"conv{_layers.Count}", [at],
            Window("strides", stride, same, new() { ["use_bias"] = true, ["activation"] = relu ? "relu" : "linear" }));
        Weights(layer, ("kernel", weights.Shape, weights.Data), ("bias", [filters], bias));
        var y = x.Conv(weights, stride, 1, same).PlusVector(bias);
        return (layer, relu ? y.Map(v => Math.Max(v, 0)) : y);
    }

    private (string, ChannelsLast) Dense(string at, ChannelsLast x)
    {
        var weights = ChannelsLast.Random(_random, x.Data.Length, 3);
        string layer = Layer("Dense", "dense", [at], new() { ["use_bias"] = false, ["activation"] = "softmax" });
        Weights(layer, ("kernel", weights.Shape, weights.Data));
        return (layer, x.Dense(weights).Softmax());
    }

    private static JsonObject Window(string strides, int stride, bool same, JsonObject config)
    {
        config[strides] = new JsonArray(stride, stride);
        config["padding"] = same ? "same" : "valid";
        return config;
    }

    private string Layer(string kind, string at) => Layer(kind, $"{kind.ToLowerInvariant()}{_layers.Count}", [at], new());

    private string Layer(string kind, string name, string[] inputs, JsonObject config)
    {
        config["name"] = name;
        JsonNode node = _isKeras3
            ? new JsonObject
            {
                ["args"] = new JsonArray(inputs.Length == 1 ? Tensor3(inputs[0]) : new JsonArray([.. inputs.Select(Tensor3)])),
                ["kwargs"] = new JsonObject(),
            }
            : new JsonArray([.. inputs.Select(JsonNode? (i) => new JsonArray(i, 0, 0, new JsonObject()))]);
        _layers.Add(new JsonObject
        {
            ["class_name"] = kind,
            ["name"] = name,
            ["config"] = config,
            ["inbound_nodes"] = inputs.Length == 0 ? new JsonArray() : new JsonArray(node),
        });
        return name;
    }

    private static JsonNode Tensor3(string name) =>
        new JsonObject { ["class_name"] = "__keras_tensor__", ["config"] = new JsonObject { ["keras_history"] = new JsonArray(name, 0, 0) } };

    private void Weights(string layer, params (string Name, int[] Shape, float[] Data)[] weights)
    {
        var group = _weights.At(layer);
        group.Attributes.Add(("weight_names", weights.Select(w => $"{layer}/{w.Name}{(_isKeras3 ? "" : ":0")}").ToArray()));
        foreach (var (name, shape, data) in weights)
            group.At(layer).Children[_isKeras3 ? name : $"{name}:0"] =
                new TinyHdf5.Dataset(shape, data, _random.Next(2) == 0 ? null : [.. shape.Select(d => Math.Max(1, d / 2))]);
    }

    private static ChannelsLast Mean(ChannelsLast x)
    {
        int channels = x.Shape[3];
        return new([1, channels], [.. Enumerable.Range(0, channels).Select(c => x.Data.Where((_, i) => i % channels == c).Average())]);
    }

    private float[] Positive(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextSingle() + 0.1f)];
}
