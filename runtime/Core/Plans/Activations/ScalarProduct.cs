using ResNetEdge.Model;

namespace ResNetEdge.Plans.Activations;

/// <summary>A value as a product: a number times other values, and the nodes that multiply them, which nothing else needs.</summary>
internal sealed class ScalarProduct
{
    private readonly GraphIndex _index;

    private ScalarProduct(GraphIndex index) => _index = index;

    /// <summary>The number.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>What it is multiplied by; the same value as often as it is a factor.</summary>
    public List<string> Values { get; } = [];

    /// <summary>The Mul, Div and Pow nodes.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The product that a node computes, whoever reads it.</summary>
    public static ScalarProduct Of(GraphIndex index, Node node)
    {
        var product = new ScalarProduct(index);
        if (!product.TryOpen(node)) product.Values.Add(node.Output);
        return product;
    }

    /// <summary>The product that a value is, of nodes that are needed for nothing else; a value that is none is its only factor.</summary>
    public static ScalarProduct Of(GraphIndex index, string value)
    {
        var product = new ScalarProduct(index);
        product.Add(value);
        return product;
    }

    /// <summary>A float that is known and the same for all elements, or null.</summary>
    public static float? Number(GraphIndex index, string value) =>
        index.Constant(value) is { Type: ElementType.Float32, Shape: { ElementCount: 1 } } constant ? constant.As<float>()[0] : null;

    private void Add(string value)
    {
        if (_index.Producer(value) is { } node && _index.OnlyConsumer(value) is not null && TryOpen(node)) return;
        Values.Add(value);
    }

    private bool TryOpen(Node node)
    {
        if (node.OpType is not (OpTypes.Mul or OpTypes.Div or OpTypes.Pow) || _index.Info(node.Output).Type != ElementType.Float32) return false;
        string a = node.Inputs[0], b = node.Inputs[1];
        if (node.OpType == OpTypes.Mul && Number(_index, a) is not null) (a, b) = (b, a);
        // A number of more axes would give the value another shape.
        if (Number(_index, b) is { } number)
        {
            if (_index.Info(a).Shape != _index.Info(node.Output).Shape || (node.OpType == OpTypes.Pow && number is not (2 or 3))) return false;
            Nodes.Add(node);
            if (node.OpType == OpTypes.Pow)
            {
                Values.AddRange(Enumerable.Repeat(a, (int)number));
                return true;
            }

            Factor = node.OpType == OpTypes.Mul ? Factor * number : Factor / number;
            Add(a);
            return true;
        }

        if (node.OpType != OpTypes.Mul || _index.Info(a).Shape != _index.Info(b).Shape) return false;
        Nodes.Add(node);
        if (a == b) Values.AddRange([a, a]);
        else
        {
            Add(a);
            Add(b);
        }

        return true;
    }
}
