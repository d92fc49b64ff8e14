using System.Text.Json.Nodes;
using ResNetEdge.Exporter.Import.Keras;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>Keras' recurrent layers; what must come out is written from Keras' definitions, gate by gate.</summary>
public class KerasRecurrentTests
{
    private const int Steps = 5, Features = 3, Units = 4;

    [Theory]
    [InlineData("LSTM", false, false, true), InlineData("LSTM", true, false, true), InlineData("LSTM", true, true, true)]
    [InlineData("LSTM", false, true, false), InlineData("GRU", false, false, true), InlineData("GRU", true, true, true)]
    [InlineData("GRU", true, false, false), InlineData("SimpleRNN", true, false, true), InlineData("SimpleRNN", false, true, false)]
    public void A_layer_gives_what_Keras_defines(string kind, bool isSequence, bool goesBackwards, bool hasBias)
    {
        foreach (bool resetsAfter in kind == "GRU" ? new[] { true, false } : [false])
        {
            var cell = new Cell(kind, new Random(7), resetsAfter, hasBias);
            var config = cell.Config();
            (config["return_sequences"], config["go_backwards"]) = (isSequence, goesBackwards);
            float[] x = Input(), expected = cell.Run(x, goesBackwards, isSequence);
            Gives(expected, x, kind, config, weights => cell.Put(weights, "memory", "memory/cell"));
        }
    }

    [Theory]
    [InlineData("2.4.0", 0.2), InlineData("3.4.1", 1 / 6.0)]
    public void A_hard_sigmoid_has_the_slope_of_the_version_that_wrote_it(string version, double slope)
    {
        foreach (string kind in (string[])["LSTM", "GRU"])
        {
            var cell = new Cell(kind, new Random(8), true, true) { Gate = v => Math.Clamp(slope * v + 0.5, 0, 1) };
            var config = cell.Config();
            config["recurrent_activation"] = "hard_sigmoid";
            Gives(cell.Run(Input(), false, false), Input(), kind, config, weights => cell.Put(weights, "memory", "memory/cell"), version);
        }
    }

    [Fact]
    public void A_linear_activation_leaves_the_state_as_it_is()
    {
        var cell = new Cell("LSTM", new Random(8), false, true) { State = static v => v };
        var config = cell.Config();
        config["activation"] = "linear";
        Gives(cell.Run(Input(), false, false), Input(), "LSTM", config, weights => cell.Put(weights, "memory", "memory/cell"));
    }

    [Theory]
    [InlineData("LSTM", "concat", true), InlineData("LSTM", "concat", false), InlineData("GRU", "sum", true)]
    [InlineData("GRU", "ave", false), InlineData("SimpleRNN", "mul", true)]
    public void Two_directions_are_joined_as_the_layer_says(string kind, string merge, bool isSequence)
    {
        Cell forward = new(kind, new Random(1), true, true), backward = new(kind, new Random(2), true, true);
        var inner = forward.Config();
        inner["return_sequences"] = isSequence;
        float[] x = Input(), a = forward.Run(x, false, isSequence), b = backward.Run(x, true, isSequence);
        if (isSequence) b = [.. b.Chunk(Units).Reverse().SelectMany(static step => step)];
        float[] expected = merge switch
        {
            "concat" => [.. a.Chunk(Units).Zip(b.Chunk(Units), static (l, r) => l.Concat(r)).SelectMany(static step => step)],
            "sum" => [.. a.Zip(b, static (l, r) => l + r)],
            "ave" => [.. a.Zip(b, static (l, r) => (l + r) / 2)],
            _ => [.. a.Zip(b, static (l, r) => l * r)],
        };
        var config = new JsonObject { ["merge_mode"] = merge, ["layer"] = new JsonObject { ["class_name"] = kind, ["config"] = inner } };
        Gives(expected, x, "Bidirectional", config, weights =>
        {
            forward.Put(weights, "memory", "memory/forward_memory/cell");
            backward.Put(weights, "memory", "memory/backward_memory/cell");
        });
    }

    [Theory]
    [InlineData("LSTM"), InlineData("GRU"), InlineData("SimpleRNN")]
    public void A_stateful_layer_goes_on_from_the_run_before(string kind)
    {
        var cell = new Cell(kind, new Random(11), true, true);
        var config = cell.Config();
        (config["stateful"], config["return_sequences"]) = (true, true);
        using var folder = new TempFolder();
        byte[] file = File(kind, config, weights => cell.Put(weights, "memory", "memory/cell"), "2.4.0");
        var source = SourceNetwork.Open(folder.Write("model.h5", file), "auto", null);
        Assert.Equal(kind == "LSTM" ? 2 : 1, source.States.Count);
        using var session = ResNetEdge.Session.Create(source.Graph, new SessionOptions { States = source.States });
        float[] whole = ChannelsLast.Random(new Random(3), 2 * Steps, Features).Data, found = new float[Steps * Units];
        float[] expected = cell.Run(whole, false, true);
        for (int run = 0; run < 2; run++)
        {
            session.Run<float, float>(whole.AsSpan(run * Steps * Features, Steps * Features), found);
            Network.Near(expected[(run * Steps * Units)..((run + 1) * Steps * Units)], found);
        }
    }

    [Theory]
    [InlineData("time_major", "time_major"), InlineData("activation", "activation 'swish'")]
    public void What_is_not_read_is_refused_by_name(string setting, string says)
    {
        var cell = new Cell("LSTM", new Random(1), false, true);
        var config = cell.Config();
        config[setting] = setting == "activation" ? "swish" : true;
        Assert.Contains(says, Refusal("LSTM", config, weights => cell.Put(weights, "memory", "memory/cell")), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        var cell = new Cell("GRU", new Random(1), false, true);
        string refused = Refusal("LSTM", cell.Config(), weights => cell.Put(weights, "memory", "memory/cell"));
        Assert.Contains("4 gates of 4 units are expected", refused, StringComparison.Ordinal);
        Assert.Contains("has no weight 'kernel'", Refusal("LSTM", cell.Config(), static _ => { }), StringComparison.Ordinal);
    }

    private static float[] Input() => ChannelsLast.Random(new Random(3), Steps, Features).Data;

    private static void Gives(
        float[] expected, float[] x, string kind, JsonObject config, Action<TinyHdf5.Group> put, string version = "2.4.0")
    {
        using var folder = new TempFolder();
        var graph = SourceNetwork.Open(folder.Write("model.h5", File(kind, config, put, version)), "auto", null).Graph;
        Network.Near(expected, Network.Run(graph, "fused", x));
        if (OnnxRuntimeHere.IsHere) Network.Near(expected, Network.Run(graph, "onnxruntime", x));
    }

    private static string Refusal(string kind, JsonObject config, Action<TinyHdf5.Group> put) => Assert.IsType<EdgeException>(
        Network.ReadOrFail(File(kind, config, put, "2.4.0"), "model.h5", static path => KerasImport.Read(path, null))).Message;

    private static byte[] File(string kind, JsonObject config, Action<TinyHdf5.Group> put, string version)
    {
        config["name"] = "memory";
        config["batch_input_shape"] = new JsonArray(null, Steps, Features);
        var weights = new TinyHdf5.Group();
        put(weights);
        var layers = new JsonArray(new JsonObject { ["class_name"] = kind, ["config"] = config });
        return RandomKeras.File(new() { ["class_name"] = "Sequential", ["config"] = new JsonObject { ["layers"] = layers } }, weights, version);
    }

    /// <summary>A layer with random weights, computed in double precision.</summary>
    private sealed class Cell(string kind, Random random, bool resetsAfter, bool hasBias)
    {
        private readonly float[] _kernel = Random(random, Features * Gates(kind) * Units), _recurrent = Random(random, Units * Gates(kind) * Units),
            _bias = Random(random, (kind == "GRU" && resetsAfter ? 2 : 1) * Gates(kind) * Units);

        public Func<double, double> Gate { get; init; } = static v => 1 / (1 + Math.Exp(-v));

        public Func<double, double> State { get; init; } = Math.Tanh;

        private int Rows => Gates(kind) * Units;

        public JsonObject Config() => new() { ["units"] = Units, ["use_bias"] = hasBias, ["reset_after"] = resetsAfter, ["activation"] = "tanh" };

        public void Put(TinyHdf5.Group weights, string layer, string path)
        {
            var group = weights.At(layer);
            var names = new List<string> { $"{path}/kernel:0", $"{path}/recurrent_kernel:0" };
            var at = group.At(path);
            at.Children["kernel:0"] = new TinyHdf5.Dataset([Features, Rows], _kernel);
            at.Children["recurrent_kernel:0"] = new TinyHdf5.Dataset([Units, Rows], _recurrent);
            if (hasBias)
            {
                names.Add($"{path}/bias:0");
                at.Children["bias:0"] = new TinyHdf5.Dataset(kind == "GRU" && resetsAfter ? [2, Rows] : [Rows], _bias);
            }

            int known = group.Attributes.FindIndex(static a => a.Name == "weight_names");
            string[] before = known < 0 ? [] : (string[])group.Attributes[known].Value;
            if (known >= 0) group.Attributes.RemoveAt(known);
            group.Attributes.Add(("weight_names", before.Concat(names).ToArray()));
        }

        /// <summary>The states of all steps in the order in which they are made, or the last one.</summary>
        public float[] Run(float[] x, bool goesBackwards, bool isSequence)
        {
            double[] h = new double[Units], c = new double[Units];
            var states = new List<float>();
            int steps = x.Length / Features;
            foreach (int t in goesBackwards ? Enumerable.Range(0, steps).Reverse() : Enumerable.Range(0, steps))
            {
                double Bias(int row, int part) => !hasBias || (part + 1) * Rows > _bias.Length ? 0 : _bias[part * Rows + row];
                double In(int gate, int u) => Bias(gate * Units + u, 0)
                    + Enumerable.Range(0, Features).Sum(f => (double)x[t * Features + f] * _kernel[f * Rows + gate * Units + u]);
                double Rec(int gate, int u, double[] state) =>
                    Enumerable.Range(0, Units).Sum(k => state[k] * _recurrent[k * Rows + gate * Units + u]) + Bias(gate * Units + u, 1);
                double[] next = new double[Units], reset = new double[Units];
                if (kind == "GRU")
                    for (int u = 0; u < Units; u++) reset[u] = Gate(In(1, u) + Rec(1, u, h));
                double[] held = [.. h.Zip(reset, static (s, r) => s * r)];
                for (int u = 0; u < Units; u++)
                {
                    switch (kind)
                    {
                        case "LSTM":
                            c[u] = Gate(In(1, u) + Rec(1, u, h)) * c[u] + Gate(In(0, u) + Rec(0, u, h)) * State(In(2, u) + Rec(2, u, h));
                            next[u] = Gate(In(3, u) + Rec(3, u, h)) * State(c[u]);
                            break;
                        case "GRU":
                            double z = Gate(In(0, u) + Rec(0, u, h));
                            next[u] = z * h[u] + (1 - z) * State(In(2, u) + (resetsAfter ? reset[u] * Rec(2, u, h) : Rec(2, u, held)));
                            break;
                        default:
                            next[u] = State(In(0, u) + Rec(0, u, h));
                            break;
                    }
                }

                h = next;
                if (isSequence) states.AddRange(h.Select(static v => (float)v));
            }

            return isSequence ? [.. states] : [.. h.Select(static v => (float)v)];
        }

        private static int Gates(string kind) => kind switch { "LSTM" => 4, "GRU" => 3, _ => 1 };

        private static float[] Random(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
