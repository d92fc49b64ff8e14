using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Windows;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Conv [→ Q → DQ] → Add(shortcut) → Relu → Q in one pass over the output; without Add or activation where they are missing. The same of Gemm and
/// MatMul with constant weights, behind whose output Reshapes and Transposes that move no element may stand.
/// Of two convolutions that meet in an Add (a projection shortcut) the later one takes the Add. The step stands where the Add stood,
/// when the shortcut is there. Where Q → DQ stands between Conv and Add, the step rounds and clamps to its range before it adds.
/// </summary>
internal sealed class ConvAddActivation : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node) => node.OpType switch
    {
        OpTypes.Conv or OpTypes.Gemm or OpTypes.MatMul => TryPlanConv(plan, node),
        OpTypes.Add => TryPlanAdd(plan, node),
        _ => false,
    };

    private static bool TryPlanConv(PlanBuilder plan, Node node)
    {
        if (Parts(plan, node) is not { } conv) return false;
        // An Add that will take this convolution plans it; until then it only waits.
        if (AddAfter(plan, node) is { } add && plan.Decide(add, () => Absorbed(plan, add))?.Conv.Node == node) return true;
        ConvSteps.Append(plan, conv, null, EpilogueOf(plan, conv));
        return true;
    }

    // An activation behind a Reshape of a float product is part of it, too.
    private static Epilogue EpilogueOf(PlanBuilder plan, ConvParts conv)
    {
        var epilogue = plan.EpilogueOf(conv.Node.Output);
        if (!conv.IsProduct || conv.IsInt8(plan) || plan.Index.OnlyConsumer(conv.Node.Output) is not { } next || !ReshapeView.IsView(plan, next))
            return epilogue;
        var behind = plan.EpilogueOf(next.Output);
        return behind.Activation is null ? epilogue : behind;
    }

    private static bool TryPlanAdd(PlanBuilder plan, Node add)
    {
        if (plan.Decide(add, () => Absorbed(plan, add)) is not { } found) return false;
        ConvSteps.Append(plan, found.Conv, found, plan.EpilogueOf(add.Output));
        return true;
    }

    /// <summary>The convolution that an Add is fused into and the value it adds, or null.</summary>
    private static FusedAdd? Absorbed(PlanBuilder plan, Node add)
    {
        if (add.Inputs[0] == add.Inputs[1] || plan.Info(add.Inputs[0]) is not { Type: ElementType.Float32 } left
            || left.Shape != plan.Info(add.Inputs[1]).Shape) return null;
        FusedAdd? best = null;
        int latest = -1;
        for (int side = 0; side < 2; side++)
        {
            if (ConvBefore(plan, add.Inputs[side]) is not var (node, branch) || Parts(plan, node) is not { } conv) continue;
            var layout = conv.IsProduct ? ProductRows.LayoutOf(plan, add.Inputs[side]) : Layout.Nhwc;
            if (layout is null || (conv.IsProduct && conv.IsInt8(plan))) continue;
            string shortcut = add.Inputs[1 - side];
            // In int8 the shortcut must be quantised too; a float one is added in float, by a step of its own. Only int8 kernels round in between.
            if (conv.IsInt8(plan) ? plan.View(shortcut) is null : branch is not null) continue;
            int order = plan.Index.Order(node);
            if (order > latest) (best, latest) = (new FusedAdd(conv, branch, shortcut, layout.Value), order);
        }

        return best;
    }

    /// <summary>The convolution whose output, maybe through one Q → DQ with one zero point, is this value and goes nowhere else.</summary>
    private static (Node Conv, BranchQuantization? Branch)? ConvBefore(PlanBuilder plan, string value)
    {
        var node = plan.Index.Producer(value);
        if (node is null || plan.Index.OnlyConsumer(value) is null) return null;
        if (ProductRows.Before(plan, value) is { } product) return (product, null);
        BranchQuantization? branch = null;
        if (node.OpType == OpTypes.DequantizeLinear)
        {
            if (plan.Index.Producer(node.Inputs[0]) is not { } quantize || plan.View(value) is not { } read) return null;
            if (plan.Views.QuantizationOf(quantize) is not { } made) return null;
            if (made.ZeroPoint != read.ZeroPoint || plan.Index.OnlyConsumer(quantize.Output) is null) return null;
            branch = new BranchQuantization(made.Scale, made.ZeroPoint, read.Scale);
            value = quantize.Inputs[0];
            node = plan.Index.Producer(value);
            if (node is null || plan.Index.OnlyConsumer(value) is null) return null;
        }

        return node.OpType == OpTypes.Conv ? (node, branch) : null;
    }

    /// <summary>The Add that is the only reader of a convolution, maybe through one Q → DQ, or of a product, maybe under another shape.</summary>
    private static Node? AddAfter(PlanBuilder plan, Node conv)
    {
        var next = conv.OpType == OpTypes.Conv ? plan.Index.OnlyConsumer(conv.Output) : ProductRows.After(plan, conv);
        if (next is { OpType: OpTypes.QuantizeLinear })
            next = plan.Index.OnlyConsumer(next.Output) is { } dequantize ? plan.Index.OnlyConsumer(dequantize.Output) : null;
        return next is { OpType: OpTypes.Add } ? next : null;
    }

    private static ConvParts? Parts(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Conv) return GemmAsConv.Parts(plan, node);
        string weights = node.Inputs[1], bias = node.Input(2);
        if (!plan.Views.IsConstant(weights) || (bias.Length > 0 && !plan.Views.IsConstant(bias))) return null;
        Shape x = plan.Info(node.Inputs[0]).Shape, w = plan.Info(weights).Shape;
        if (!PlanBuffer.IsPicture(x) || x.ElementCount == 0) return null;
        var axes = WindowAxis.Resolve(node, x, w.Dimensions[2..], stackalloc WindowAxis[WindowAxis.Most]);
        var shape = ConvGeometry.Of(x, w[0], (int)node.Attributes.Int("group", 1), axes);
        return new ConvParts(node, shape, node.Inputs[0], weights, bias, 0);
    }
}
