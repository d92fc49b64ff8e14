using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Gemm or MatMul with a constant right side: a 1×1 convolution over the rows of the left one, with the same epilogue.</summary>
internal static class GemmAsConv
{
    /// <summary>The convolution that a node is, or null.</summary>
    public static ConvParts? Parts(PlanBuilder plan, Node node)
    {
        if (node.OpType is not (OpTypes.Gemm or OpTypes.MatMul)) return null;
        string weights = node.Inputs[1], bias = node.OpType == OpTypes.Gemm ? node.Input(2) : "";
        Shape a = plan.Info(node.Inputs[0]).Shape, b = plan.Info(weights).Shape;
        if (!plan.Views.IsConstant(weights) || (bias.Length > 0 && !plan.Views.IsConstant(bias)) || b.Rank != 2 || PlanBuffer.IsPicture(a))
            return null;
        if (a.ElementCount == 0 || b.ElementCount == 0) return null;
        if (node.Attributes.Int("transA", 0) != 0 || node.Attributes.Float("alpha", 1) != 1 || node.Attributes.Float("beta", 1) != 1) return null;
        bool transposed = node.Attributes.Int("transB", 0) != 0;
        int k = a[^1], n = b[transposed ? 0 : 1];
        // One number for each column; [M][1] is one for each row.
        if (bias.Length > 0 && (plan.Info(bias).Shape is not { Rank: 1 or 2 } c || c.ElementCount != n || c[^1] != n)) return null;
        var shape = new ConvShape
        {
            InputHeight = 1,
            InputWidth = a.ElementCount / k,
            InputChannels = k,
            OutputChannels = n,
            KernelHeight = 1,
            KernelWidth = 1,
        };
        return new ConvParts(node, shape, node.Inputs[0], weights, bias, transposed ? 0 : 1);
    }
}
