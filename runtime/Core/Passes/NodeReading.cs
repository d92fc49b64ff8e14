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
    /// <param name="node">Of the graph.</param>
    /// <param name="opset">The file's operator set.</param>
    /// <param name="isRead">Whether a value is read.</param>
    /// <param name="isConverted">Whether the graph has been converted before; forms that operator set 17 cannot say are then kept.</param>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="EdgeException">Exit 3: the operator is not in that operator set.</exception>
    public static bool Trim(Node node, int opset, Func<string, bool> isRead, bool isConverted = false)
    {
        int outputs = node.Outputs.Count;
        SignatureOf(node, opset, isConverted).Trim(node, isRead);
        return outputs != node.Outputs.Count;
    }

    /// <summary>Hands the node, or what stands for it, to <paramref name="values"/>.</summary>
    /// <returns>Whether anything was rewritten.</returns>
    /// <exception cref="EdgeException">Exit 3: it is not supported.</exception>
    public static bool Run(Node node, int opset, KnownValues values, bool isConverted = false)
    {
        SignatureOf(node, opset, isConverted).Check(node, OpsetOf(node, opset));
        if (OpsetOf(node, opset) < FirstOpsetWithoutConsumedInputs) node.Attributes.Remove(AttributeRule.ConsumedInputs.Name);
        if (ConversionTable.Of(node) is { } conversion) return conversion.Convert(node, OpsetOf(node, opset), values);
        values.Add(node);
        return false;
    }

    private static Signature SignatureOf(Node node, int opset, bool isConverted)
    {
        var signatures = ConversionTable.Of(node)?.Signatures ?? OperatorTable.Of(node).Signatures;
        return isConverted && node.Domain.Length == 0
            ? Signature.Converted(signatures, node)
            : OperatorTable.SignatureOf(node, signatures, OpsetOf(node, opset));
    }

    private static int OpsetOf(Node node, int opset) => node.Domain.Length == 0 ? opset : ForeignOpset;
}
