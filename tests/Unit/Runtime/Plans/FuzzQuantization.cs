using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>
/// Quantises an exact network at random: most values behind one QuantizeLinear → DequantizeLinear, some not at all, some otherwise for
/// every reader; u8 or s8, ranges that clamp as often as not, pairs that rescale. Where all scales are powers of two, every engine must
/// give the very same bits.
/// </summary>
internal sealed class FuzzQuantization
{
    private const int WeightExponent = -4;
    private readonly Random _random;
    private readonly bool _isExact;
    private readonly Graph _from;
    private readonly Graph _to = new();
    private readonly ReferenceEngine _values;
    private readonly Dictionary<(string Value, int Choice), string> _quantized = [];
    private readonly Dictionary<string, float> _scales = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _habits = new(StringComparer.Ordinal);
    private int _count;

    private FuzzQuantization(Graph from, int seed, ReferenceEngine values, bool isExact) =>
        (_from, _random, _values, _isExact) = (from, new Random(seed), values, isExact);

    /// <summary>The network in QDQ form.</summary>
    /// <param name="graph">An exact float network.</param>
    /// <param name="input">What the ranges are taken from.</param>
    /// <param name="seed">Decides what is quantised and how.</param>
    /// <param name="isExact">All scales are powers of two; else they are any numbers.</param>
    public static Graph Apply(Graph graph, float[] input, int seed, bool isExact = true)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, input);
        engine.Run();
        return new FuzzQuantization(graph, seed, engine, isExact).Quantized();
    }

    private Graph Quantized()
    {
        _to.Inputs.AddRange(_from.Inputs);
        _to.Outputs.AddRange(_from.Outputs);
        foreach (var (name, constant) in _from.Initializers) _to.Initializers[name] = constant;
        foreach (var node in _from.Nodes)
        {
            var copy = node.Clone();
            for (int i = 0; i < copy.Inputs.Count; i++)
                if (!_from.Initializers.ContainsKey(copy.Inputs[i])) copy.Inputs[i] = Edge(copy.Inputs[i], node);
            if (node.OpType is "Conv" or "Gemm") QuantizeConstants(copy);
            _to.Add(copy);
        }

        return _to;
    }

    private string Edge(string value, Node reader)
    {
        var producer = _from.Nodes.Find(n => n.Output == value);
        if (!_habits.TryGetValue(value, out int habit)) _habits[value] = habit = _random.Next(8);
        if (reader.OpType == "Add" && producer?.OpType == "Conv") return _random.Next(3) == 0 ? value : Pair(value, _random.Next(3));
        // A pooled mean divides: it is rounded before anything sums it. What is multiplied has few digits.
        bool must = reader.OpType is "Conv" or "Gemm" or "Mul" || producer?.OpType is "Mul"
            || producer?.OpType is "AveragePool" or "GlobalAveragePool" or "Add";
        return habit switch
        {
            0 when !must => value,
            1 => Pair(value, _random.Next(3)),
            _ => Pair(value, 0),
        };
    }

    /// <summary>value → QuantizeLinear → DequantizeLinear; other choices have another scale or type.</summary>
    private string Pair(string value, int choice)
    {
        if (_quantized.TryGetValue((value, choice), out string? known)) return known;
        var (low, high) = Range(value);
        bool signed = choice == 1 || (choice == 0 && _habits[value] == 2);
        double largest = Math.Max(Math.Max(-low, high), 1e-3);
        int zero = low >= 0 ? (signed ? -128 : 0) : (signed ? 0 : 128), steps = low >= 0 ? 255 : 127;
        // A range below what the values reach clamps them; a zero point at its low end is a Relu.
        if (_random.Next(4) == 0) zero = (signed ? -128 : 0) + (_random.Next(2) == 0 ? 0 : _random.Next(256));
        int narrower = _random.Next(3) == 0 ? _random.Next(1, 4) : 0, rescale = _random.Next(6) == 0 ? _random.Next(-1, 2) : 0;
        float scale = MathF.ScaleB(Mantissa(), (int)Math.Ceiling(Math.Log2(largest / steps)) + choice % 2 - narrower),
            back = MathF.ScaleB(scale, rescale) * (rescale == 0 ? 1 : Mantissa());
        string scaleName = _to.Add($"fuzz.scale{++_count}", Tensor.Scalar(scale));
        string backName = rescale == 0 ? scaleName : _to.Add($"fuzz.back{_count}", Tensor.Scalar(back));
        string zeroName = _to.Add($"fuzz.zero{_count}", signed ? Tensor.Scalar((sbyte)zero) : Tensor.Scalar((byte)zero));
        string q = _to.Add(new Node("QuantizeLinear", $"fuzz.q{_count}", [value, scaleName, zeroName], [$"fuzz.q{_count}.out"]));
        string pair = _to.Add(new Node("DequantizeLinear", $"fuzz.dq{_count}", [q, backName, zeroName], [$"fuzz.dq{_count}.out"]));
        _scales[pair] = back;
        return _quantized[(value, choice)] = pair;
    }

    private float Mantissa() => _isExact ? 1 : 0.6f + _random.NextSingle() * 0.8f;

    private unsafe (float Low, float High) Range(string value)
    {
        var values = _values.Value(value).As<float>();
        float low = 0, high = 0;
        foreach (float v in values) (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return (low, high);
    }

    /// <summary>
    /// Weights become s8 behind DequantizeLinear; a bias stays float where it must be an integer of the accumulator's steps, else it goes.
    /// </summary>
    private void QuantizeConstants(Node node)
    {
        var weights = _from.Initializers[node.Inputs[1]];
        int filters = weights.Shape[0];
        float scale = MathF.ScaleB(Mantissa(), WeightExponent);
        if (node.Inputs.Count > 2 && _scales[node.Inputs[0]] > 1) node.Inputs.RemoveAt(2);
        bool perChannel = _random.Next(2) == 0;
        string name = node.Inputs[1] + ".q";
        _to.Initializers[name] = Tensor.From<sbyte>(weights.Shape, [.. weights.ToFloats().Select(w => (sbyte)(w / MathF.ScaleB(1, WeightExponent)))]);
        string scales =
            _to.Add($"fuzz.wscale{++_count}", perChannel ? Tensor.Vector<float>([.. Enumerable.Repeat(scale, filters)]) : Tensor.Scalar(scale));
        string zeros = _to.Add($"fuzz.wzero{_count}", perChannel ? Tensor.Vector<sbyte>(new sbyte[filters]) : Tensor.Scalar((sbyte)0));
        node.Inputs[1] = _to.Add(new Node("DequantizeLinear", $"fuzz.w{_count}", [name, scales, zeros], [$"fuzz.w{_count}.out"]).With("axis", 0L));
    }
}
