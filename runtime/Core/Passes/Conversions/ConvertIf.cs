using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// A condition that is known chooses its branch now. Else both branches are computed, which have no side effects, and Where chooses between their
/// outputs, which must have one shape.
/// </summary>
internal sealed class ConvertIf : Conversion
{
    private const string Where = OpTypes.Where, Then = "then_branch", Else = "else_branch";

    public override string OpType => "If";

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(1, 1, 1, Body(Else).Required(), Body(Then).Required()) { Outputs = Signature.AnyNumber }];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string condition = node.Inputs[0];
        if (values.Of(node, condition) is not { Type: ElementType.Bool, Shape.ElementCount: 1 })
            throw OperatorRules.Bad(node, "its condition is not a single bool");
        if (values.Constant(condition) is { } known)
        {
            Give(node, values, Branch(node, opset, values, known.ToInt64s()[0] != 0 ? Then : Else));
            return true;
        }

        string[] then = Branch(node, opset, values, Then), otherwise = Branch(node, opset, values, Else);
        if (values.Of(node, condition).Shape.Rank > 0)
        {
            string scalar = values.Fresh($"{node.Name}/condition");
            string shape = values.AddConstant($"{node.Name}/scalar", Tensor.Vector<long>());
            values.Add(new Node(OpTypes.Reshape, scalar, [condition, shape], [scalar]));
            condition = scalar;
        }

        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length == 0) continue;
            InputType a = values.Of(node, then[i]), b = values.Of(node, otherwise[i]);
            if ((a.Type, a.Shape) != (b.Type, b.Shape))
                throw OperatorRules.Bad(node, $"its branches give {a.Type}[{a.Shape}] and {b.Type}[{b.Shape}], so its condition must be a constant");
            values.Add(new Node(Where, values.Fresh($"{node.Name}/chosen"), [condition, then[i], otherwise[i]], [node.Outputs[i]]));
        }

        return true;
    }

    private static string[] Branch(Node node, int opset, KnownValues values, string name)
    {
        var body = (Graph)node.Attributes[name]!;
        return body.Outputs.Count >= node.Outputs.Count ? new BodyInliner(node, body, opset, values).Copy()
            : throw OperatorRules.Bad(node, $"{name} has {body.Outputs.Count} outputs where the node has {node.Outputs.Count}");
    }
}
