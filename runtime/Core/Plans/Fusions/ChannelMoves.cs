using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// What moves only channels of a picture, in one pass with the channels innermost: Slice, Split and Gather along the channels, DepthToSpace, and the
/// channel shuffle, Reshape → Transpose → Reshape (Zhang et al., arXiv:1707.01083). Quantised values keep their scale.
/// </summary>
internal sealed class ChannelMoves : Fusion
{
    private static readonly long[] SwapGroups = [0, 2, 1, 3, 4];

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.Inputs.Count == 0) return false;
        if (plan.Info(node.Inputs[0]) is not { Type: ElementType.Float32, Shape: { Rank: 4, ElementCount: > 0 } x }) return false;
        return node.OpType switch
        {
            OpTypes.Slice => SliceMap(plan, node, x) is { } map && Append(plan, node, node.Output, map),
            OpTypes.Gather => GatherMap(plan, node, x) is { } map && Append(plan, node, node.Output, map),
            OpTypes.DepthToSpace => Append(plan, node, node.Output, BlockMap(node, x), (int)node.Attributes.Int("blocksize", 1)),
            OpTypes.Split => TrySplit(plan, node, x),
            OpTypes.Reshape => TryShuffle(plan, node, x),
            _ => false,
        };
    }

    private static bool Append(PlanBuilder plan, Node node, string output, int[] map, int block = 1)
    {
        if (plan.Info(output).Shape.ElementCount == 0) return false;
        var view = plan.View(node.Inputs[0]);
        var type = view is null ? plan.Halves.Of(output) : ElementType.UInt8;
        var from = plan.Demand(view?.Name ?? node.Inputs[0], type, Layout.Nhwc);
        var to = plan.NewOutput(output, type);
        plan.Append(new PlanStep(node.OpType == OpTypes.Reshape ? "ChannelShuffle" : node.OpType, node.Name, new ChannelMapProblem
        {
            Input = from.Shape,
            Output = to.Shape,
            BlockHeight = block,
            BlockWidth = block,
            Map = map,
            Type = type,
            From = from.Inside,
            To = to.Inside,
        }, [from], [to]));
        plan.Forms.Produced(view is null ? output : plan.Views.Declare(output, view), to, Layout.Nhwc);
        return true;
    }

    private static int[]? SliceMap(PlanBuilder plan, Node node, Shape x)
    {
        if (SliceRanges.Of(plan, node) is not { } ranges) return null;
        for (int d = 0; d < 4; d++)
            if (ranges[d] == (0, 1, x[d]) == (d == 1)) return null;
        return [.. Enumerable.Range(0, ranges[1].Count).Select(i => ranges[1].Start + i * ranges[1].Step)];
    }

    private static int[]? GatherMap(PlanBuilder plan, Node node, Shape x) =>
        OperatorRules.Axis(node, node.Attributes.Int("axis", 0), 4) == 1 && plan.Graph.Constant(node.Inputs[1]) is { Shape.Rank: 1 } indices
            ? [.. indices.ToInt64s().Select(i => (int)(i < 0 ? i + x[1] : i))]
            : null;

    private static int[] BlockMap(Node node, Shape x)
    {
        int block = (int)node.Attributes.Int("blocksize", 1), places = block * block, channels = x[1] / places;
        bool isBlockInner = node.Attributes.String("mode", "DCR") == "CRD";
        return [.. Enumerable.Range(0, places).SelectMany(place =>
            Enumerable.Range(0, channels).Select(c => isBlockInner ? c * places + place : place * channels + c))];
    }

    private static bool TrySplit(PlanBuilder plan, Node node, Shape x)
    {
        if (OperatorRules.Axis(node, node.Attributes.Int("axis", 0), 4) != 1) return false;
        if (node.Input(1).Length > 0 && plan.Graph.Constant(node.Input(1)) is null) return false;
        if (node.Outputs.Exists(output => output.Length == 0 || plan.Info(output).Shape.ElementCount == 0)) return false;
        int start = 0;
        foreach (string output in node.Outputs)
        {
            int count = plan.Info(output).Shape[1];
            Append(plan, node, output, [.. Enumerable.Range(start, count)]);
            start += count;
        }

        return start <= x[1];
    }

    private static bool TryShuffle(PlanBuilder plan, Node node, Shape x)
    {
        var grouped = plan.Info(node.Output).Shape;
        if (grouped.Rank != 5 || grouped[0] != x[0] || grouped[1] * grouped[2] != x[1] || grouped[3] != x[2] || grouped[4] != x[3]) return false;
        var view = plan.View(node.Inputs[0]);
        if (Next(plan, node.Output, view) is not { OpType: OpTypes.Transpose } transpose || IsComputed(plan, node)) return false;
        if (!Transpose.Permutation(transpose, 5).AsSpan().SequenceEqual(SwapGroups)) return false;
        if (Next(plan, transpose.Output, view) is not { OpType: OpTypes.Reshape } back || IsComputed(plan, back)) return false;
        if (plan.Info(back.Output).Shape != x) return false;
        int groups = grouped[1], perGroup = grouped[2];
        plan.Done(transpose);
        plan.Done(back);
        return Append(plan, node, back.Output, [.. Enumerable.Range(0, x[1]).Select(c => c % groups * perGroup + c / groups)]);
    }

    // The only reader; behind a QuantizeLinear → DequantizeLinear that changes nothing of a value that is quantised in the same way.
    private static Node? Next(PlanBuilder plan, string value, QuantizedView? view)
    {
        var next = plan.Index.OnlyConsumer(value);
        if (next is not { OpType: OpTypes.QuantizeLinear } || view is null) return next;
        if (plan.Views.QuantizationOf(next) is not { } made || !made.Fits(view)) return null;
        if (plan.Index.OnlyConsumer(next.Output) is not { } back || plan.View(back.Output) is not { } read || !read.Fits(view)) return null;
        return plan.Index.OnlyConsumer(back.Output);
    }

    private static bool IsComputed(PlanBuilder plan, Node reshape) => plan.Graph.Constant(reshape.Inputs[1]) is null;
}
