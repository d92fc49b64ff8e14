using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Plans;

/// <summary>Which values are views: quantised ones behind a float, constants behind DequantizeLinear, the same elements under another shape.</summary>
internal sealed partial class PlanBuilder
{
    private readonly HashSet<Node> _quantizationViews = [];
    private readonly Dictionary<string, QuantizedView> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuantizedConstant> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sameElements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Source, QuantizedView View)> _quantizations = new(StringComparer.Ordinal);

    /// <summary>The quantised value behind a float, or null.</summary>
    public QuantizedView? View(string value) => _views.GetValueOrDefault(value);

    /// <summary>The quantised constant behind a float, or null.</summary>
    public QuantizedConstant? QuantizedConstant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>A float value is from now on a view of a quantised one that a step stores.</summary>
    /// <returns>The name under which the step stores it.</returns>
    public string DeclareView(string value, QuantizedView like)
    {
        string name = value + "#q";
        _infos[name] = new TensorInfo(name, ElementType.UInt8, Info(value).Shape);
        _views[value] = like with { Name = name };
        return name;
    }

    /// <summary>A value has the elements of another in the same row-major order, maybe under another shape.</summary>
    public void DeclareSameElements(string value, string source)
    {
        _sameElements[value] = source;
        if (View(source) is { } view) _sameElements[DeclareView(value, view)] = view.Name;
    }

    /// <summary>Whether a node is a QuantizeLinear or DequantizeLinear that needs no step of its own.</summary>
    public bool IsQuantizationView(Node node) => _quantizationViews.Contains(node);

    /// <summary>Notes every QuantizeLinear and DequantizeLinear that is a view, before any step is planned.</summary>
    public void DeclareQuantization()
    {
        foreach (var node in Graph.Nodes)
            if (TryDeclareQuantization(node)) _quantizationViews.Add(node);
    }

    /// <summary>False when it is none: per-axis activations, raw integer outputs.</summary>
    private bool TryDeclareQuantization(Node node)
    {
        if (node.OpType == OpTypes.QuantizeLinear)
        {
            if (DeclarePixels(node)) return true;
            if (QuantizationOf(node) is not { } view) return false;
            _quantizations[node.Output] = (node.Inputs[0], view);
            return true;
        }

        if (node.OpType != OpTypes.DequantizeLinear) return false;
        var scale = Graph.Initializers[node.Inputs[1]];
        var zero = node.Input(2).Length > 0 ? Graph.Constant(node.Inputs[2]) : null;
        if (Graph.Constant(node.Inputs[0]) is { } constant)
        {
            int axis = scale.Shape.ElementCount == 1 ? 0 : OperatorRules.Axis(node, node.Attributes.Int("axis", 1), constant.Shape.Rank);
            _constants[node.Output] = new QuantizedConstant(constant, scale, zero, axis);
            return true;
        }

        bool viewed = _quantizations.ContainsKey(node.Inputs[0]) || _pixels.ContainsKey(node.Inputs[0]) || Producer(node.Inputs[0]) is null;
        if (!viewed || ViewOf(node, node.Inputs[0], Info(node.Inputs[0]).Type) is not { } through) return false;
        _views[node.Output] = through;
        return true;
    }

    /// <summary>The view that a QuantizeLinear node makes, when it is per tensor and read by per-tensor DequantizeLinear nodes only; else null.</summary>
    public QuantizedView? QuantizationOf(Node node)
    {
        if (node.OpType != OpTypes.QuantizeLinear || IsOutput(node.Output) || Graph.Constant(node.Inputs[0]) is not null) return null;
        foreach (var reader in Consumers(node.Output))
            if (reader.OpType != OpTypes.DequantizeLinear || Graph.Initializers[reader.Inputs[1]].Shape.ElementCount != 1) return null;
        return ViewOf(node, node.Output, Info(node.Output).Type);
    }

    private QuantizedView? ViewOf(Node node, string name, ElementType type)
    {
        var scale = Graph.Initializers[node.Inputs[1]];
        if (scale.Shape.ElementCount != 1 || type is not (ElementType.UInt8 or ElementType.Int8)) return null;
        // A signed graph input comes as it is from the caller; only values made here are stored moved up by 128.
        if (type == ElementType.Int8 && Producer(name) is null) return null;
        long zero = node.Input(2).Length > 0 ? Graph.Initializers[node.Inputs[2]].ToInt64s()[0] : 0;
        return new QuantizedView(name, scale.As<float>()[0], (byte)(type == ElementType.Int8 ? zero + 128 : zero));
    }
}
