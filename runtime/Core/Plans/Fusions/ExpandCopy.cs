using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Expand to a constant shape: elements from where they lie to each place at which they are repeated. Another shape is compared with the file's when
/// the network runs, by the operator's reference.
/// </summary>
internal sealed class ExpandCopy : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Expand || plan.Graph.Constant(node.Inputs[1]) is null) return false;
        var (from, to) = (plan.Info(node.Inputs[0]), plan.Info(node.Output));
        int size = to.Type.Size(), added = to.Shape.Rank - from.Shape.Rank;
        if (size is not (1 or 2 or 4 or 8)) return false;
        var (input, output) = (plan.Demand(node.Inputs[0], from.Type, Layout.Plain), plan.Steps.NewBuffer(to, to.Type));
        var (read, written) = (ElementStrides.RowMajor(from.Shape), ElementStrides.RowMajor(to.Shape));
        plan.Append(new PlanStep(node.OpType, node.Name, new StridedCopyProblem
        {
            Type = to.Type,
            Dimensions = CopyDimension.Joined(
                written.Sizes.Select((count, d) => new CopyDimension(count, Step(d - added), written.Steps[d] * size)), size),
            Input = input.Inside.Offset,
            Output = output.Inside.Offset,
        }, [input], [output]));
        plan.Forms.Produced(node.Output, output, Layout.Plain);
        return true;

        long Step(int own) => own < 0 || from.Shape[own] == 1 ? 0 : read.Steps[own] * size;
    }
}
