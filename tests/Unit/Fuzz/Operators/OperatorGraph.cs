using ResNetEdge.Model;
using ResNetEdge.Onnx;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>
/// A few drawn nodes that read each other: the first input of a node may be an earlier node's output, repeated or cut until it has the shape that was
/// drawn. Passes and fusions meet every operator in places that no network has.
/// </summary>
internal sealed class OperatorGraph
{
    // Older sets write the nodes between in another way.
    private const int OldestOpset = 13;

    // Of larger numbers little differences become large ones.
    private const float MostOfValue = 1000;

    /// <summary>
    /// Operators whose result jumps, or grows without measure, when a number changes in its last bit; and those whose shape follows from numbers.
    /// </summary>
    private static readonly HashSet<string> Unsteady =
    [
        "Acos", "Acosh", "ArgMax", "ArgMin", "Asin", "Atanh", "BitShift", "Cast", "Ceil", "Compress", "Cosh", "Det", "Div", "DynamicQuantizeLinear",
        "Equal", "Exp", "Floor", "Greater", "GreaterOrEqual", "Hardmax", "InstanceNormalization", "IsInf", "IsNaN", "LRN", "LayerNormalization",
        "Less", "LessOrEqual", "Log", "LpNormalization", "MaxUnpool", "MeanVarianceNormalization", "Mod", "NonMaxSuppression", "NonZero", "Pow",
        "QuantizeLinear", "RMSNormalization", "Range", "Reciprocal", "ReduceLogSum", "ReduceProd", "Round", "Shrink", "Sign", "Sinh", "Sqrt", "Tan",
        "ThresholdedRelu", "TopK", "Unique",
    ];

    private readonly Random _random;
    private readonly Graph _graph = new();
    private readonly List<Tensor> _fed = [];
    private readonly List<(string Name, Tensor Value)> _values = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private OperatorGraph(Random random) => (_random, _graph.Opset) = (random, random.Next(OldestOpset, OnnxReader.NewestOpset + 1));

    /// <summary>A graph and what to feed it.</summary>
    /// <param name="seed">Decides everything.</param>
    public static (Graph Graph, IReadOnlyList<Tensor> Inputs) Make(int seed)
    {
        var random = new Random(seed);
        var made = new OperatorGraph(random);
        for (int nodes = random.Next(3, 9), tries = 0; nodes > 0 && tries < 40; tries++)
            if (made.TryAdd()) nodes--;
        foreach (var (name, value) in made._values)
            if (!made._read.Contains(name) || random.Next(4) == 0) made._graph.Outputs.Add(new(name, value.Type, value.Shape));
        return (made._graph, made._fed);
    }

    private bool TryAdd()
    {
        string[] names = [.. OperatorDrafts.All.Keys.Where(name => !Unsteady.Contains(name) && OperatorDrafts.Opsets(name).Contains(_graph.Opset))];
        string name = names[_random.Next(names.Length)];
        var draft = new NodeDraft(name, _graph.Opset, _random, hasSpecials: false);
        OperatorDrafts.All[name](draft);
        bool isJoined = _values.Count > 0 && _random.Next(5) > 0
            && draft.Inputs is [{ Type: ElementType.Float32 } first, ..] && first.Shape.ElementCount > 0;
        var from = isJoined ? _values[_random.Next(_values.Count)] : default;
        isJoined = isJoined && from.Value.Type == ElementType.Float32;
        if (isJoined) draft.Inputs[0] = Spread(from.Value, draft.Inputs[0]!.Shape);
        DraftRun run;
        try
        {
            run = new DraftRun(draft);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            return false;
        }

        if (run.Expected.Any(static y => y.Shape.ElementCount == 0 || (y.Type == ElementType.Float32 && !Array.TrueForAll(y.ToFloats(), IsModest))))
            return false;
        Add(draft, run, isJoined ? from.Name : null);
        return true;
    }

    private void Add(NodeDraft draft, DraftRun run, string? from)
    {
        int number = _graph.Nodes.Count;
        var inputs = new List<string>();
        for (int i = 0; i < draft.Inputs.Count; i++)
        {
            string input = $"in{number}_{i}";
            if (draft.Inputs[i] is not { } value) inputs.Add("");
            else if (i == 0 && from is not null) inputs.Add(Join(from, value.Shape));
            else if (draft.Constants[i]) inputs.Add(_graph.Add(input, value));
            else
            {
                _graph.Inputs.Add(new(input, value.Type, value.Shape));
                _fed.Add(value);
                inputs.Add(input);
            }
        }

        string[] outputs = [.. Enumerable.Range(0, draft.Outputs).Select(o => $"out{number}_{o}")];
        _graph.Add(new Node(draft.OpType, $"node{number}", inputs, outputs) { Attributes = draft.Attributes.Clone() });
        for (int o = 0; o < outputs.Length; o++) _values.Add((outputs[o], run.Expected[o]));
    }

    private string Join(string from, Shape shape)
    {
        _read.Add(from);
        var value = _values.First(v => v.Name == from).Value;
        if (value.Shape == shape) return from;
        int have = value.Shape.ElementCount, want = shape.ElementCount, number = _graph.Nodes.Count;
        string Node(string opType, params string[] inputs) =>
            _graph.Add(new Node(opType, $"{opType}{number}_{_graph.Nodes.Count}", inputs, [$"{opType}{number}_{_graph.Nodes.Count}.out"]));
        string Longs(string name, params long[] values) => _graph.Add($"{name}{number}_{_graph.Nodes.Count}", Tensor.Vector<long>(values));
        string x = Node("Reshape", from, Longs("row", have));
        if (have < want) x = Node("Tile", x, Longs("times", (want + have - 1) / have));
        if (have != want) x = Node("Slice", x, Longs("start", 0), Longs("end", want));
        return Node("Reshape", x, Longs("shape", [.. shape.Dimensions.ToArray().Select(static d => (long)d)]));
    }

    private static Tensor Spread(Tensor value, Shape shape)
    {
        float[] values = value.ToFloats();
        return Tensor.From<float>(shape, [.. Enumerable.Range(0, shape.ElementCount).Select(i => values[i % values.Length])]);
    }

    private static bool IsModest(float value) => Math.Abs(value) < MostOfValue;
}
