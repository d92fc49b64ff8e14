using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// A loop of which the number of rounds is known, written out. Inputs: trip count, condition, carried values; the body gets the round's number, the
/// condition and the carried values, and gives the condition, the carried values and what is collected, one slice a round.
/// </summary>
internal sealed class ConvertLoop : Conversion
{
    public override string OpType => "Loop";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 3, Signature.AnyNumber, Body("body").Required()) { Outputs = Signature.AnyNumber, MayMiss = [0, 1] },
        new(11, 2, Signature.AnyNumber, Body("body").Required()) { Outputs = Signature.AnyNumber, MayMiss = [0, 1] },
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var body = (Graph)node.Attributes["body"]!;
        int carried = node.Inputs.Count - 2, collected = body.Outputs.Count - 1 - carried;
        if (carried < 0 || collected < 0 || node.Outputs.Count > carried + collected)
            throw OperatorRules.Bad(node, $"its body has {body.Outputs.Count} outputs, which do not fit {carried} carried values");
        long most = node.Inputs[0].Length == 0 ? long.MaxValue
            : values.Of(node, node.Inputs[0]) is { Constant: { Type: ElementType.Int64 } count } ? count.ToInt64s()[0]
            : throw OperatorRules.Bad(node, "its trip count must be a constant");
        string goOn = node.Inputs[1];
        string[] state = [.. node.Inputs.Skip(2)];
        var slices = new List<string>[collected];
        for (int i = 0; i < collected; i++) slices[i] = [];
        var inliner = new BodyInliner(node, body, opset, values);
        for (long round = 0; round < most && GoesOn(node, goOn, values); round++)
        {
            string number = values.AddConstant($"{node.Name}/round", Tensor.Scalar(round));
            string condition = goOn.Length > 0 ? goOn : values.AddConstant($"{node.Name}/condition", Tensor.Scalar(true));
            string[] made = inliner.Copy([number, condition, .. state]);
            (goOn, state) = (made[0], made[1..(1 + carried)]);
            for (int i = 0; i < collected; i++) slices[i].Add(Stacks.Slice(node, made[1 + carried + i], 0, values));
        }

        string[] stacked = [.. slices.Select((list, i) => carried + i < node.Outputs.Count
            ? Stacks.Join(node, list, 0, body.Outputs[1 + carried + i], values) : "")];
        Give(node, values, [.. state, .. stacked]);
        return true;
    }

    // A body may leave the condition as it is, or compute it from constants; anything else is known only when the network runs.
    private static bool GoesOn(Node node, string condition, KnownValues values) => condition.Length == 0
        || (values.Constant(condition) is { Type: ElementType.Bool } known ? known.ToInt64s()[0] != 0
            : throw OperatorRules.Bad(node, "its condition must be a constant in every round"));
}
