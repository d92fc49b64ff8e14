using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// A scan, written out: as many rounds as the inputs that are walked along have elements there. In operator set 8 the first axis of everything is the
/// batch, whose items are scanned one after the other.
/// </summary>
internal sealed class ConvertScan : Conversion
{
    private const int FirstWithoutBatch = 9;

    public override string OpType => "Scan";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(8, 2, Signature.AnyNumber, Body("body").Required(), Ints("directions"), Int("num_scan_inputs").Required())
            { Outputs = Signature.AnyNumber, MayMiss = [0] },
        new(9, 1, Signature.AnyNumber, Body("body").Required(), Int("num_scan_inputs").Required(), Ints("scan_input_axes"),
            Ints("scan_input_directions"), Ints("scan_output_axes"), Ints("scan_output_directions")) { Outputs = Signature.AnyNumber },
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var body = (Graph)node.Attributes["body"]!;
        string[] inputs = [.. node.Inputs.Skip(opset < FirstWithoutBatch ? 1 : 0)];
        if (opset < FirstWithoutBatch && node.Inputs[0].Length > 0) throw OperatorRules.Bad(node, "sequence_lens is not supported");
        long walked = node.Attributes.Int("num_scan_inputs", 0);
        if (walked < 1 || walked > inputs.Length) throw OperatorRules.Bad(node, $"num_scan_inputs is {walked} of {inputs.Length} inputs");
        int carried = inputs.Length - (int)walked, collected = body.Outputs.Count - carried;
        if (collected < 0 || node.Outputs.Count > body.Outputs.Count)
            throw OperatorRules.Bad(node, $"its body has {body.Outputs.Count} outputs, which do not fit {carried} carried values");
        var inliner = new BodyInliner(node, body, opset, values);
        if (opset >= FirstWithoutBatch)
        {
            Give(node, values, Scan(node, body, inliner, inputs, carried, "scan_input_directions", values));
            return true;
        }

        var items = new List<string>[body.Outputs.Count];
        for (int i = 0; i < items.Length; i++) items[i] = [];
        int batch = inputs.Min(name => values.Of(node, name).Shape is { Rank: > 0 } shape ? shape[0] : 0);
        if (batch == 0) throw OperatorRules.Bad(node, "a scan of a batch without items is not supported");
        for (int b = 0; b < batch; b++)
        {
            string[] made = Scan(
                node, body, inliner, [.. inputs.Select(name => Stacks.Element(node, name, 0, b, values))], carried, "directions", values);
            for (int i = 0; i < made.Length; i++) items[i].Add(Stacks.Slice(node, made[i], 0, values));
        }

        Give(node, values, [.. items.Select((list, i) => Stacks.Join(node, list, 0, body.Outputs[i], values))]);
        return true;
    }

    private static string[] Scan(
        Node node, Graph body, BodyInliner inliner, string[] inputs, int carried, string directions, KnownValues values)
    {
        int walked = inputs.Length - carried, collected = body.Outputs.Count - carried;
        var axes = new int[walked];
        int rounds = -1;
        for (int i = 0; i < walked; i++)
        {
            var shape = values.Of(node, inputs[carried + i]).Shape;
            axes[i] = OperatorRules.Axis(node, At(node, "scan_input_axes", i, walked), shape.Rank);
            int size = shape[axes[i]];
            if (rounds >= 0 && rounds != size) throw OperatorRules.Bad(node, $"it walks along {rounds} and {size} elements at once");
            rounds = size;
        }

        string[] state = inputs[..carried];
        var slices = new List<string>[collected];
        for (int i = 0; i < collected; i++) slices[i] = [];
        for (int round = 0; round < rounds; round++)
        {
            string[] made = inliner.Copy([.. state, .. Enumerable.Range(0, walked).Select(i => Stacks.Element(
                node, inputs[carried + i], axes[i], At(node, directions, i, walked) == 0 ? round : rounds - 1 - round, values))]);
            state = made[..carried];
            for (int i = 0; i < collected; i++)
            {
                int rank = values.Of(node, made[carried + i]).Shape.Rank + 1;
                int axis = OperatorRules.Axis(node, At(node, "scan_output_axes", i, collected), rank);
                slices[i].Add(Stacks.Slice(node, made[carried + i], axis, values));
            }
        }

        var stacked = new string[collected];
        for (int i = 0; i < collected; i++)
        {
            if (At(node, "scan_output_directions", i, collected) != 0) slices[i].Reverse();
            int axis = (int)At(node, "scan_output_axes", i, collected);
            stacked[i] = Stacks.Join(node, slices[i], axis, body.Outputs[carried + i], values);
        }

        return [.. state, .. stacked];
    }

    // One number for each input or output; 0 where the file says nothing.
    private static long At(Node node, string attribute, int index, int count) => node.Attributes.Ints(attribute) is not { } list ? 0
        : list.Length == count ? list[index]
        : throw OperatorRules.Bad(node, $"attribute {attribute} has {list.Length} numbers where {count} are expected");
}
