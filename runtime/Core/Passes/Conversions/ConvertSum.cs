using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>A sum of any number of values, as a chain of Adds, so that residual sums fuse; of one value it is that value.</summary>
internal sealed class ConvertSum : Conversion
{
    public override string OpType => "Sum";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(6, 1, Signature.AnyNumber)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if (node.Inputs.Contains("")) throw OperatorRules.Bad(node, $"input {node.Inputs.IndexOf("")} is missing");
        if (node.Inputs.Count == 1) values.Add(new Node(OpTypes.Identity, node.Name, node.Inputs, node.Outputs));
        string sum = node.Inputs[0];
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            bool isLast = i == node.Inputs.Count - 1;
            string next = isLast ? node.Output : values.Fresh($"{node.Name}.sum");
            values.Add(new Node(OpTypes.Add, isLast ? node.Name : next, [sum, node.Inputs[i]], [next]));
            sum = next;
        }

        return true;
    }
}
