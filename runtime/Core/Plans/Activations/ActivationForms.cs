using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Plans.Activations;

/// <summary>
/// Finds x times a gate that is computed of x, in every order in which exporters write the product: GELU by erf or tanh, SiLU and QuickGelu,
/// HardSwish, Mish. Operator set 17 has no word for most of them, so they are recognised while a plan is made and the graph stays as it is.
/// </summary>
internal sealed class ActivationForms
{
    private const double Tolerance = 1e-5; // of exporters' constants, relatively
    private const double RootHalf = 0.7071067811865476, RootTwoOverPi = 0.7978845608028654, Cubic = 0.044715;
    private readonly GraphIndex _index;
    private readonly Dictionary<Node, ActivationForm> _forms = [];

    /// <summary>Looks through a graph.</summary>
    public ActivationForms(GraphIndex index)
    {
        _index = index;
        foreach (var node in Enumerable.Reverse(index.Graph.Nodes))
        {
            if (node.OpType is not (OpTypes.Mul or OpTypes.Div) || _forms.ContainsKey(node) || Find(node) is not { } form) continue;
            foreach (var part in form.Nodes) _forms[part] = form;
        }
    }

    /// <summary>The function that a node is part of, or null.</summary>
    public ActivationForm? Of(Node node) => _forms.GetValueOrDefault(node);

    private ActivationForm? Find(Node last)
    {
        var product = ScalarProduct.Of(_index, last);
        if (product.Values is not [var a, var b] || _index.Info(last.Output).Shape.ElementCount == 0) return null;
        return Gated(product, a, b) ?? Gated(product, b, a);
    }

    private ActivationForm? Gated(ScalarProduct product, string x, string gate)
    {
        if (_index.Info(x).Shape != _index.Info(gate).Shape || Inner(gate) is not { } node) return null;
        return node.OpType switch
        {
            OpTypes.Sigmoid => BySigmoid(product, x, node),
            OpTypes.HardSigmoid => ByHardSigmoid(product, x, node),
            OpTypes.Clip => ByClip(product, x, node),
            OpTypes.Tanh => BySoftplus(product, x, node),
            OpTypes.Add => ByOnePlus(product, x, node),
            _ => null,
        };
    }

    private ActivationForm? BySigmoid(ScalarProduct product, string x, Node sigmoid)
    {
        var inner = ScalarProduct.Of(_index, sigmoid.Inputs[0]);
        float alpha = (float)inner.Factor;
        if (product.Factor != 1 || inner.Values is not [var value] || value != x || !float.IsFinite(alpha)) return null;
        return new(alpha == 1 ? "Silu" : "QuickGelu", new ElementFunction<SigmoidGate>(new(alpha)), x, [.. product.Nodes, sigmoid, .. inner.Nodes]);
    }

    private static ActivationForm? ByHardSigmoid(ScalarProduct product, string x, Node node)
    {
        if (product.Factor != 1 || node.Inputs[0] != x) return null;
        var gate = new HardSigmoidGate(
            node.Attributes.Float("alpha", HardSigmoid.DefaultAlpha), node.Attributes.Float("beta", HardSigmoid.DefaultBeta));
        return new(OpTypes.HardSwish, new ElementFunction<HardSigmoidGate>(gate), x, [.. product.Nodes, node]);
    }

    // x · clip(x + b, 0, h) / h.
    private ActivationForm? ByClip(ScalarProduct product, string x, Node clip)
    {
        if (Known(clip, 1) is not { } low || Known(clip, 2) is not { } high) return null;
        if (OperatorTable.Of(clip).Clamp(clip, low, high) is not (0, var top) || !IsNear(product.Factor * top, 1)) return null;
        if (Inner(clip.Inputs[0]) is not { OpType: OpTypes.Add } sum || Shift(sum) is not var (value, shift) || value != x) return null;
        var gate = new HardSigmoidGate((float)product.Factor, (float)(product.Factor * shift));
        return new(OpTypes.HardSwish, new ElementFunction<HardSigmoidGate>(gate), x, [.. product.Nodes, clip, sum]);
    }

    private ActivationForm? BySoftplus(ScalarProduct product, string x, Node tanh)
    {
        if (product.Factor != 1 || Inner(tanh.Inputs[0]) is not { OpType: OpTypes.Softplus } softplus || softplus.Inputs[0] != x) return null;
        return new(OpTypes.Mish, new ElementFunction<SoftplusGate>(default), x, [.. product.Nodes, tanh, softplus]);
    }

    // x · (1 + f(x)) / 2, where both may be halved before they are added.
    private ActivationForm? ByOnePlus(ScalarProduct product, string x, Node sum)
    {
        if (Shift(sum) is not var (value, shift)) return null;
        var term = ScalarProduct.Of(_index, value);
        if (term.Values is not [var curved] || Inner(curved) is not { } f || !IsNear(term.Factor, shift)) return null;
        if (!IsNear(product.Factor * shift, 0.5)) return null;
        var inner = f.OpType is OpTypes.Erf or OpTypes.Tanh ? ScalarProduct.Of(_index, f.Inputs[0]) : null;
        if (inner is null) return null;
        List<Node> nodes = [.. product.Nodes, sum, .. term.Nodes, f, .. inner.Nodes];
        if (f.OpType == OpTypes.Erf)
            return inner.Values is [var single] && single == x && IsNear(inner.Factor, RootHalf)
                ? new(OpTypes.Gelu, new ElementFunction<ErrorGate>(default), x, nodes) : null;
        return IsNear(inner.Factor, RootTwoOverPi) && IsCubic(inner.Values, x, nodes)
            ? new(OpTypes.Gelu, new ElementFunction<TanhGate>(default), x, nodes) : null;
    }

    // x + 0.044715·x³, or x times 1 + 0.044715·x².
    private bool IsCubic(List<string> values, string x, List<Node> nodes)
    {
        bool isFactored = values.Count == 2 && values.Remove(x);
        if (values is not [var value] || Inner(value) is not { OpType: OpTypes.Add } sum) return false;
        int side = isFactored ? ScalarProduct.Number(_index, sum.Inputs[0]) is null ? 0 : 1 : sum.Inputs[0] == x ? 1 : 0;
        string other = sum.Inputs[1 - side];
        if (isFactored ? ScalarProduct.Number(_index, other) != 1 : other != x) return false;
        var power = ScalarProduct.Of(_index, sum.Inputs[side]);
        if (power.Values.Count != (isFactored ? 2 : 3) || !power.Values.TrueForAll(v => v == x) || !IsNear(power.Factor, Cubic)) return false;
        nodes.Add(sum);
        nodes.AddRange(power.Nodes);
        return true;
    }

    // The node that makes a value which nothing else needs.
    private Node? Inner(string value) => _index.OnlyConsumer(value) is null ? null : _index.Producer(value);

    // A value plus a number.
    private (string Value, double Shift)? Shift(Node sum)
    {
        int side = ScalarProduct.Number(_index, sum.Inputs[0]) is null ? 0 : 1;
        if (ScalarProduct.Number(_index, sum.Inputs[1 - side]) is not { } number) return null;
        string value = sum.Inputs[side];
        return _index.Info(value).Shape == _index.Info(sum.Output).Shape ? (value, number) : null;
    }

    private InputType? Known(Node node, int input) =>
        _index.Constant(node.Input(input)) is { } constant ? new(constant.Type, constant.Shape, constant) : null;

    private static bool IsNear(double number, double expected) => Math.Abs(number - expected) <= Tolerance * Math.Abs(expected);
}
