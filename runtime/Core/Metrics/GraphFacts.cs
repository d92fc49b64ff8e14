using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Metrics;

/// <summary>What a network costs and is made of, counted on the graph as it stands.</summary>
/// <param name="Macs">Multiply-accumulates of all layers with weights in one run.</param>
/// <param name="Parameters">Elements of trained constants: weights, biases, BatchNorm's scale and
/// shift. Not its running statistics, no scales and zero points, no shapes.</param>
/// <param name="ResidualAdds">Adds of two computed values of equal shape: where a branch meets its shortcut.</param>
/// <param name="Operators">How many nodes there are of each operator.</param>
/// <param name="Precision">
/// <see cref="Precisions"/>: int8 where there is a QuantizeLinear or DequantizeLinear, fp16 where the file has a float16 value.
/// </param>
internal sealed record GraphFacts(long Macs, long Parameters, int ResidualAdds, IReadOnlyDictionary<string, int> Operators, string Precision)
{

    /// <summary>Counts multiply-accumulates, parameters and residual adds of a graph.</summary>
    /// <exception cref="EdgeException">Exit 3: shapes cannot be inferred.</exception>
    public static GraphFacts Of(Graph graph)
    {
        var values = ShapeInference.Infer(graph);
        var constants = ConstantValues(graph);
        long macs = 0;
        int residualAdds = 0;
        bool isQuantized = false;
        var operators = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var trained = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            operators[node.OpType] = operators.GetValueOrDefault(node.OpType) + 1;
            macs = checked(macs + MacsOf(node, values));
            var traits = OperatorTable.TraitsOf(node);
            isQuantized |= traits.IsQuantization;
            if (node.OpType == OpTypes.Add && !node.Inputs.Any(constants.ContainsKey) && IsFloat(values[node.Inputs[0]])
                && values[node.Inputs[0]].Shape == values[node.Inputs[1]].Shape) residualAdds++;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                // A quantised weight is reached through its DequantizeLinear, whose own scale and zero point are not parameters.
                if (traits.IsTrained(i) && constants.TryGetValue(node.Inputs[i], out string? origin) && origin.Length > 0) trained.Add(origin);
            }
        }

        long parameters = trained.Sum(name => (long)values[name].Shape.ElementCount);
        string precision = isQuantized ? Precisions.Int8 : graph.Halves.Count > 0 ? Precisions.Fp16 : Precisions.Fp32;
        return new GraphFacts(macs, parameters, residualAdds, operators, precision);
    }

    /// <summary>Multiply-accumulates of one node; 0 when there is none of that name.</summary>
    /// <exception cref="EdgeException">Exit 3: shapes cannot be inferred.</exception>
    public static long MacsOf(Graph graph, string node) =>
        graph.Nodes.Find(n => n.Name == node) is { } found ? MacsOf(found, ShapeInference.Infer(graph)) : 0;

    private static bool IsFloat(TensorInfo info) =>
        info.Type is ElementType.Float32 or ElementType.Float16 or ElementType.Float64 or ElementType.BFloat16;

    /// <summary>
    /// Every value that depends on no input, with the stored constant that its elements come from (empty when there is no single one).
    /// </summary>
    private static Dictionary<string, string> ConstantValues(Graph graph)
    {
        var constants = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in graph.Initializers.Keys) constants[name] = name;
        foreach (var node in graph.Nodes)
        {
            if (!node.Inputs.All(i => i.Length == 0 || constants.ContainsKey(i))) continue;
            string origin = node.Inputs.Count == 0 ? node.Output : OperatorTable.TraitsOf(node).KeepsEveryElement ? constants[node.Inputs[0]] : "";
            foreach (string output in node.Outputs) constants[output] = origin;
        }

        return constants;
    }

    private static long MacsOf(Node node, Dictionary<string, TensorInfo> values) => OperatorTable.TraitsOf(node).IsWeighted
        ? OperatorTable.Of(node).MultiplyAccumulates(node, values[node.Inputs[1]].Shape, values[node.Outputs.Find(static o => o.Length > 0)!].Shape)
        : 0;
}
