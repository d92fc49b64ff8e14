using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes.Conversions;

namespace ResNetEdge.Passes;

/// <summary>One node as the file has it: held to what its operator is known to be in the file's operator set, and said in opset 17.</summary>
internal static class NodeReading
{
    private const int ForeignOpset = 1; // of ONNX Runtime's own domain, since the beginning
    private const int FirstOpsetWithoutConsumedInputs = 6;

    /// <summary>Strikes the names of outputs that nothing reads and that would not be computed.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="EdgeException">Exit 3: the operator is not in that operator set.</exception>
    public static bool Trim(Node node, int opset, Func<string, bool> isRead)
    {
        int outputs = node.Outputs.Count;
        SignatureOf(node, opset).Trim(node, isRead);
        return outputs != node.Outputs.Count;
    }

    /// <summary>Hands the node, or what stands for it, to <paramref name="values"/>.</summary>
    /// <returns>Whether anything was rewritten.</returns>
    /// <exception cref="EdgeException">Exit 3: it is not supported.</exception>
    public static bool Run(Node node, int opset, KnownValues values)
    {
        SignatureOf(node, opset).Check(node, OpsetOf(node, opset));
        if (OpsetOf(node, opset) < FirstOpsetWithoutConsumedInputs) node.Attributes.Remove(AttributeRule.ConsumedInputs.Name);
        if (ConversionTable.Of(node) is { } conversion) return conversion.Convert(node, OpsetOf(node, opset), values);
        values.Add(node);
        return false;
    }

    private static Signature SignatureOf(Node node, int opset) =>
        OperatorTable.SignatureOf(node, ConversionTable.Of(node)?.Signatures ?? OperatorTable.Of(node).Signatures, OpsetOf(node, opset));

    private static int OpsetOf(Node node, int opset) => node.Domain.Length == 0 ? opset : ForeignOpset;
}
