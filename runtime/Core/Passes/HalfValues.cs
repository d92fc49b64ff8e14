using ResNetEdge.Model;
using ResNetEdge.Passes.Conversions;

namespace ResNetEdge.Passes;

/// <summary>
/// Finds the float16 values of a graph as its file has it, before types can be inferred: an operator gives float16 where an input or a tensor among
/// its attributes is float16, unless it casts or gives integers.
/// </summary>
internal static class HalfValues
{
    private const long Float16 = (long)ElementType.Float16;

    /// <summary>Operators that take floats and give integers or truth values.</summary>
    private static readonly HashSet<string> GiveNoFloats =
    [
        OpTypes.ArgMax, OpTypes.ArgMin, OpTypes.DynamicQuantizeLinear, OpTypes.Equal, OpTypes.Greater, OpTypes.GreaterOrEqual, OpTypes.IsInf,
        OpTypes.IsNaN, OpTypes.Less, OpTypes.LessOrEqual, OpTypes.NonMaxSuppression, OpTypes.NonZero, OpTypes.QuantizeLinear,
        ConvertShape.Operator, ConvertSize.Operator,
    ];

    /// <summary>Operators whose further outputs are integers: indices, counts, masks.</summary>
    private static readonly HashSet<string> GiveOneFloat = [OpTypes.Dropout, OpTypes.MaxPool, OpTypes.TopK, OpTypes.Unique];

    /// <summary>Adds to <see cref="Graph.Halves"/>; bodies of control flow are left out.</summary>
    public static void Mark(Graph graph)
    {
        var halves = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in graph.Inputs)
            if (input.Type == ElementType.Float16) halves.Add(input.Name);
        foreach (var (name, value) in graph.Initializers)
            if (value.Type == ElementType.Float16) halves.Add(name);
        foreach (var node in graph.Nodes)
        {
            if (GivesHalf(node, halves)) halves.UnionWith(node.Outputs.Take(GiveOneFloat.Contains(node.OpType) ? 1 : node.Outputs.Count));
            // Its numbers are halves, but what is computed of them is not.
            else if (node.OpType == OpTypes.Cast && halves.Contains(node.Input(0)) && IsWider(node)) graph.Halves.Add(node.Output);
        }

        halves.Remove("");
        graph.Halves.UnionWith(halves);
    }

    private static bool GivesHalf(Node node, HashSet<string> halves) => node.OpType switch
    {
        OpTypes.Cast => node.Attributes["to"] is Float16,
        ConvertCastLike.CastLike => halves.Contains(node.Input(1)),
        _ => !GiveNoFloats.Contains(node.OpType) && (node.Inputs.Exists(halves.Contains) || node.Attributes.Names.Any(name => IsHalf(node, name))),
    };

    private static bool IsHalf(Node node, string attribute) =>
        node.Attributes[attribute] is Tensor { Type: ElementType.Float16 } || (attribute == "dtype" && node.Attributes[attribute] is Float16);

    private static bool IsWider(Node node) => node.Attributes["to"] is (long)ElementType.Float32 or (long)ElementType.Float64;
}
