using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Resampling;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Resize of height and width of pictures by constant scales or to constant sizes, with the channels innermost. Quantised values that are only
/// repeated keep their scale; interpolated ones are float.
/// </summary>
internal sealed class ResizeStep : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Resize || TapsOf(plan, node) is not var (rows, columns)) return false;
        var view = rows.IsNearest && columns.IsNearest ? plan.View(node.Inputs[0]) : null;
        var type = view is null ? ElementType.Float32 : ElementType.UInt8;
        var input = plan.Demand(view?.Name ?? node.Inputs[0], type, Layout.Nhwc);
        var output = plan.NewOutput(node.Output, type);
        plan.Append(new PlanStep(node.OpType, node.Name, new ResizeProblem
        {
            Input = input.Shape,
            Output = output.Shape,
            Type = type,
            Rows = rows,
            Columns = columns,
            From = input.Inside,
            To = output.Inside,
        }, [input], [output]));
        plan.Forms.Produced(view is null ? node.Output : plan.Views.Declare(node.Output, view), output, Layout.Nhwc);
        return true;
    }

    private static (ResizeTaps Rows, ResizeTaps Columns)? TapsOf(PlanBuilder plan, Node node)
    {
        var (x, y) = (plan.Info(node.Inputs[0]), plan.Info(node.Output));
        if (x is not { Type: ElementType.Float32, Shape: { Rank: 4, ElementCount: > 0 } } || y.Shape.ElementCount == 0) return null;
        var inputs = new InputType?[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Inputs[i].Length == 0) continue;
            var info = plan.Info(node.Inputs[i]);
            inputs[i] = new(info.Type, info.Shape, plan.Graph.Constant(node.Inputs[i]));
            if (i > 0 && inputs[i]!.Constant is null) return null;
        }

        using var known = new ConstantViews(inputs);
        if (!Resize.AxisOf(node, known.Views, y.Shape, 0).IsIdentity || !Resize.AxisOf(node, known.Views, y.Shape, 1).IsIdentity) return null;
        return TapsOf(Resize.AxisOf(node, known.Views, y.Shape, 2)) is { } rows && TapsOf(Resize.AxisOf(node, known.Views, y.Shape, 3)) is { } columns
            ? (rows, columns)
            : null;
    }

    // Null for what the kernels do not do: a region of the input, and more taps than a cubic has.
    private static ResizeTaps? TapsOf(ResizeAxis axis)
    {
        if (axis.Rule.UsesRegion || (axis.Rule.IsAntialiased && axis.Scale < 1)) return null;
        bool isSingle = axis.IsIdentity || axis.Rule.IsNearest;
        int count = isSingle ? 1 : axis.Rule.IsCubic ? 4 : 2;
        int[] indices = new int[axis.Output * count];
        float[] weights = new float[axis.Output * count];
        for (int place = 0; place < axis.Output; place++)
        {
            if (isSingle)
            {
                indices[place] = axis.IsIdentity ? place : axis.Nearest(axis.Coordinate(place));
                weights[place] = 1;
                continue;
            }

            double at = axis.Coordinate(place), sum = axis.WeightSum(at);
            int first = (int)Math.Floor(at) - count / 2 + 1;
            for (int i = 0; i < count; i++)
            {
                indices[place * count + i] = Math.Clamp(first + i, 0, axis.Input - 1);
                weights[place * count + i] = (float)(axis.Weight(at, first + i) / sum);
            }
        }

        return new(count, indices, weights);
    }
}
