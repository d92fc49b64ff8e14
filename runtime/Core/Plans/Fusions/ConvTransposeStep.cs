using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// ConvTranspose of pictures by constant weights, with the activation behind it, as sub-pixel convolution (Shi et al., arXiv:1609.05158): ordinary
/// convolutions make the phases of the output as channels, and one pass lays them out as pixels. Either one convolution makes all phases, with a
/// window that holds the taps of each and zeros elsewhere, or each phase has its own; whichever the backend expects to cost less, in int8 whichever
/// has fewer products.
/// </summary>
internal sealed class ConvTransposeStep : Fusion
{
    // A stride far beyond the kernel makes mostly zeros, and phases without end: the reference computes that.
    private const int MostPhases = 1024, MostSteps = 64, MostGrowth = 8;

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.ConvTranspose) return false;
        if (plan.Info(node.Inputs[0]) is not { Type: ElementType.Float32, Shape: { Rank: 4, ElementCount: > 0 } x }) return false;
        string weights = node.Inputs[1], bias = node.Input(2);
        if (!plan.Views.IsConstant(weights) || (bias.Length > 0 && !plan.Views.IsConstant(bias))) return false;
        var (w, y) = (plan.Info(weights).Shape, plan.Info(node.Output).Shape);
        if (y.ElementCount == 0) return false;
        var axes = TransposedAxis.Resolve(node, x, w.Dimensions[2..], stackalloc TransposedAxis[WindowAxis.Most]);
        SubPixelAxis rows = new(axes[0], x[2]), columns = new(axes[1], x[3]);
        int groups = (int)node.Attributes.Int("group", 1);
        if ((long)rows.Axis.Stride * columns.Axis.Stride > MostPhases) return false;
        var shape = ConvGeometry.Of(x, y[1], groups, [default, default]) with { KernelHeight = w[2], KernelWidth = w[3] };
        var parts = new ConvParts(node, shape, node.Inputs[0], weights, bias, 1);
        bool isInt8 = parts.IsInt8(plan);
        if (Cheapest(plan, rows, columns, shape, w.ElementCount, isInt8) is not { } convs) return false;
        var epilogue = plan.EpilogueOf(node.Output);
        if (epilogue.Activation is { } activation) plan.Done(activation);
        var steps = new SubPixelSteps(plan, parts, convs, epilogue);
        try
        {
            if (isInt8) steps.AppendInt8(rows, columns);
            else steps.AppendFp32(rows, columns);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            throw EdgeException.BadInput($"{node}: {e.Message}", e);
        }

        return true;
    }

    /// <summary>The convolutions that make all phases at the least cost; null when there is no way.</summary>
    private static List<(SubPixelConv Conv, ConvShape Shape)>? Cheapest(
        PlanBuilder plan, SubPixelAxis rows, SubPixelAxis columns, ConvShape transposed, long weights, bool isInt8)
    {
        SubPixelConv[] whole = [new(rows, columns, rows.Phases, columns.Phases)];
        SubPixelConv[] each = [.. rows.Phases.SelectMany(y => columns.Phases.Select(x => new SubPixelConv(rows, columns, [y], [x])))];
        List<(SubPixelConv, ConvShape)>? best = null;
        double least = double.PositiveInfinity;
        foreach (var way in (ReadOnlySpan<SubPixelConv[]>)[whole, each])
        {
            var shaped = way.Select(conv => (Conv: conv, Shape: conv.Shape(transposed))).ToList();
            if (shaped.Count > MostSteps || shaped.Exists(c => c.Shape is null)) continue;
            if (shaped.Sum(c => (long)c.Shape!.OutputChannels * c.Shape.Depth) > MostGrowth * weights) continue;
            double cost = shaped.Sum(c => isInt8 ? c.Shape!.Macs : plan.Steps.Cost(c.Shape!));
            if (cost < least) (least, best) = (cost, [.. shaped.Select(c => (c.Conv, c.Shape!))]);
        }

        return best;
    }
}
