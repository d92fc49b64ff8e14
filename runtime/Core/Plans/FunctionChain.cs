using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>Nodes that together compute, element by element, one quantised value from another.</summary>
/// <param name="Nodes">In the graph's order; the last makes the result.</param>
/// <param name="Source">The value of which the result is a function.</param>
/// <param name="Result">The form that readers of the result want, those left out that are themselves in a chain.</param>
internal sealed record FunctionChain(IReadOnlyList<Node> Nodes, QuantizedView Source, QuantizedView Result)
{
    /// <summary>For names of steps: <c>Sigmoid+Mul</c>.</summary>
    public string Operation => string.Join('+', Nodes.Select(static n => n.OpType));
}
