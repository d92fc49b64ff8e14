using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Sum, Max or Min of any number of values, as a chain of Add, Max or Min of two, so that kernels and fusions apply; of one it is that value.
/// </summary>
/// <param name="opType">The operator.</param>
/// <param name="ofTwo">The operator of two values.</param>
internal sealed class ConvertChain(string opType, string ofTwo) : Conversion
{
    private static readonly Signature[] Forms = [new(1, 1, Signature.AnyNumber, ConsumedInputs), new(6, 1, Signature.AnyNumber)];

    public override string OpType => opType;

    public override IReadOnlyList<Signature>? Signatures => opType == ofTwo ? null : Forms;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (node.Inputs.Contains("")) throw OperatorRules.Bad(node, $"input {node.Inputs.IndexOf("")} is missing");
        if (opType == ofTwo && node.Inputs.Count == 2)
        {
            values.Add(node);
            return false;
        }

        if (node.Inputs.Count == 1) values.Add(new Node(OpTypes.Identity, node.Name, node.Inputs, node.Outputs));
        string made = node.Inputs[0];
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            bool isLast = i == node.Inputs.Count - 1;
            string next = isLast ? node.Output : values.Fresh($"{node.Name}.part");
            values.Add(new Node(ofTwo, isLast ? node.Name : next, [made, node.Inputs[i]], [next]));
            made = next;
        }

        return true;
    }
}
