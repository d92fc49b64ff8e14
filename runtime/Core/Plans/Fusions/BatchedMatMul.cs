using ResNetEdge.Model;
using ResNetEdge.Operators.Products;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>MatMul of two float stacks that the network computes, as attention has them: row-major, the leading axes broadcast.</summary>
internal sealed class BatchedMatMul : Fusion
{
    // More pairs than this are a table too large to keep.
    private const int MostPairs = 1 << 16;

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.MatMul || plan.Info(node.Output).Type != ElementType.Float32) return false;
        Shape a = plan.Info(node.Inputs[0]).Shape, b = plan.Info(node.Inputs[1]).Shape;
        var stacks = new MatrixStacks(a, b);
        int elements = plan.Info(node.Output).Shape.ElementCount, m = stacks.M, k = stacks.K, n = stacks.N;
        if (elements == 0 || k == 0 || elements / m / n > MostPairs) return false;
        var pairs = new MatrixPair[elements / m / n];
        for (int i = 0; i < pairs.Length; i++)
        {
            var (left, right) = stacks.MatricesOf(i);
            pairs[i] = new(left, right);
        }

        var x = plan.Demand(node.Inputs[0], ElementType.Float32, Layout.Plain);
        var w = plan.Demand(node.Inputs[1], ElementType.Float32, Layout.Plain);
        var y = plan.Steps.NewBuffer(plan.Info(node.Output), ElementType.Float32);
        plan.Append(new PlanStep(node.OpType, node.Name, new MatMulFp32Problem
        {
            M = m,
            K = k,
            N = n,
            Pairs = pairs,
            Left = x.Inside.Offset,
            Right = w.Inside.Offset,
            Output = y.Inside.Offset,
        }, [x, w], [y])
        { Macs = elements * (long)k });
        plan.Forms.Produced(node.Output, y, Layout.Plain);
        return true;
    }
}
