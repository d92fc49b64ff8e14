using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>Which values are views: quantised ones behind a float, constants behind DequantizeLinear. Known before any step is planned.</summary>
internal sealed class QuantizedViews
{
    private readonly GraphIndex _index;
    private readonly HashSet<Node> _nodes = [];
    private readonly Dictionary<string, QuantizedView> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuantizedConstant> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Source, QuantizedView View)> _quantizations = new(StringComparer.Ordinal);

    /// <summary>Notes every QuantizeLinear and DequantizeLinear that is a view.</summary>
    public QuantizedViews(GraphIndex index, PixelInputs pixels)
    {
        _index = index;
        foreach (var node in index.Graph.Nodes)
            if (TryDeclare(node, pixels)) _nodes.Add(node);
    }

    /// <summary>The quantised value behind a float, or null.</summary>
    public QuantizedView? Of(string value) => _views.GetValueOrDefault(value);

    /// <summary>The quantised constant behind a float, or null.</summary>
    public QuantizedConstant? Constant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>Whether a float value is known when the model is loaded, directly or behind DequantizeLinear.</summary>
    public bool IsConstant(string value) => _constants.ContainsKey(value) || _index.Constant(value) is { Type: ElementType.Float32 };

    /// <summary>The float that a quantised value is made of, and how; null for a value that is not made by a QuantizeLinear of its own.</summary>
    public (string Source, QuantizedView View)? QuantizedFrom(string value) => _quantizations.TryGetValue(value, out var made) ? made : null;

    /// <summary>Whether a node is a QuantizeLinear or DequantizeLinear that needs no step of its own.</summary>
    public bool Covers(Node node) => _nodes.Contains(node);

    /// <summary>A float value is from now on a view of a quantised one that a step stores.</summary>
    /// <returns>The name under which the step stores it.</returns>
    public string Declare(string value, QuantizedView like)
    {
        string name = value + "#q";
        _index.Declare(new TensorInfo(name, ElementType.UInt8, _index.Info(value).Shape));
        _views[value] = like with { Name = name };
        return name;
    }

    /// <summary>The quantised form that all readers of a value want; null when one wants another, or the float itself.</summary>
    public QuantizedView? Common(string value)
    {
        if (_index.IsOutput(value)) return null;
        QuantizedView? common = null;
        foreach (var node in _index.Consumers(value))
        {
            if (QuantizationOf(node) is not { } view || (common is not null && !common.Fits(view))) return null;
            common ??= view;
        }

        return common;
    }

    /// <summary>Whether a value is an integer input of four dimensions that only per-tensor DequantizeLinears read.</summary>
    public bool IsQuantizedPicture(string value) =>
        _index.IsInput(value) && !_index.IsOutput(value) && _index.Consumers(value).Count > 0
        && _index.Info(value) is { Type: ElementType.UInt8 or ElementType.Int8, Shape.Rank: 4 }
        && _index.Consumers(value).All(reader => reader.OpType == OpTypes.DequantizeLinear && ScaleOf(reader) is { Shape.ElementCount: 1 });

    /// <summary>False when it is none: per-axis activations, raw integer outputs.</summary>
    private bool TryDeclare(Node node, PixelInputs pixels)
    {
        if (node.OpType == OpTypes.QuantizeLinear)
        {
            if (pixels.Holds(node.Output)) return true;
            if (QuantizationOf(node) is not { } view) return false;
            _quantizations[node.Output] = (node.Inputs[0], view);
            return true;
        }

        if (node.OpType != OpTypes.DequantizeLinear) return false;
        if (ScaleOf(node) is not { } scale) return false;
        var zero = node.Input(2).Length > 0 ? _index.Constant(node.Inputs[2]) : null;
        if (_index.Constant(node.Inputs[0]) is { } constant)
        {
            int axis = scale.Shape.ElementCount == 1 ? 0 : OperatorRules.Axis(node, node.Attributes.Int("axis", 1), constant.Shape.Rank);
            _constants[node.Output] = new QuantizedConstant(constant, scale, zero, axis);
            return true;
        }

        bool viewed = _quantizations.ContainsKey(node.Inputs[0]) || pixels.Holds(node.Inputs[0]) || _index.Producer(node.Inputs[0]) is null;
        if (!viewed || ViewOf(node, node.Inputs[0], _index.Info(node.Inputs[0]).Type) is not { } through) return false;
        _views[node.Output] = through;
        return true;
    }

    /// <summary>The view that a QuantizeLinear makes when it is per tensor and only per-tensor DequantizeLinears read it; else null.</summary>
    public QuantizedView? QuantizationOf(Node node)
    {
        if (node.OpType != OpTypes.QuantizeLinear || _index.IsOutput(node.Output) || _index.Constant(node.Inputs[0]) is not null) return null;
        if (_index.Info(node.Inputs[0]).Type != ElementType.Float32) return null;
        foreach (var reader in _index.Consumers(node.Output))
            if (reader.OpType != OpTypes.DequantizeLinear || ScaleOf(reader) is not { Shape.ElementCount: 1 }) return null;
        return ViewOf(node, node.Output, _index.Info(node.Output).Type);
    }

    /// <summary>The scale of a QuantizeLinear or DequantizeLinear; null where it or the zero point is computed: the reference does that.</summary>
    private Tensor? ScaleOf(Node node) => node.Input(2).Length > 0 && _index.Constant(node.Inputs[2]) is null ? null
        : _index.Constant(node.Inputs[1]) is { Type: ElementType.Float32 } scale ? scale : null;

    private QuantizedView? ViewOf(Node node, string name, ElementType type)
    {
        if (ScaleOf(node) is not { Shape.ElementCount: 1 } scale || type is not (ElementType.UInt8 or ElementType.Int8)) return null;
        // Signed values are stored moved up by 128; other inputs than pictures come as they are from the caller.
        if (type == ElementType.Int8 && _index.Producer(name) is null && !IsQuantizedPicture(name)) return null;
        long zero = node.Input(2).Length > 0 ? _index.Graph.Initializers[node.Inputs[2]].ToInt64s()[0] : 0;
        return new QuantizedView(name, scale.As<float>()[0], (byte)(type == ElementType.Int8 ? zero + 128 : zero));
    }
}
