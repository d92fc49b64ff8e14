using ResNetEdge.Model;
using ResNetEdge.Operators.Products;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// MatMul of two float stacks that the network computes, the leading axes broadcast. Matrices are read where they lie, also where a Transpose or
/// Reshape has made others of them.
/// </summary>
internal sealed class BatchedMatMul : Fusion
{
    // More products than this are a table too large to keep.
    private const int MostProducts = 1 << 16;

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.MatMul || plan.Info(node.Output).Type != ElementType.Float32) return false;
        Shape a = plan.Info(node.Inputs[0]).Shape, b = plan.Info(node.Inputs[1]).Shape, y = plan.Info(node.Output).Shape;
        var stacks = new MatrixStacks(a, b);
        int m = stacks.M, k = stacks.K, n = stacks.N;
        if (y.ElementCount == 0 || k == 0 || y.ElementCount / m / n > MostProducts) return false;
        bool isMatrix = a.Rank > 1 && b.Rank > 1;
        var left = Operand(plan, node.Inputs[0], isMatrix, static s => s.IsDense(1), a.Rank == 1 ? [1, k] : null);
        var right = Operand(plan, node.Inputs[1], isMatrix, static s => s.IsDense(1) || s.IsDense(2), b.Rank == 1 ? [k, 1] : null);
        // A vector's axis is missing in the product, which then has no other order than its own.
        var output = isMatrix ? StackOutput.New(plan, node.Output)
            : new StackOutput(
                plan.Steps.NewBuffer(plan.Info(node.Output), ElementType.Float32), ElementStrides.RowMajor(Whole(a, b, y)), node.Output);
        var stack = output.Strides.Sizes.AsSpan(..^2);
        long[] lefts = left.Strides.Matrices(stack), rights = right.Strides.Matrices(stack), outputs = output.Strides.Matrices(stack);
        const int Size = sizeof(float);
        plan.Append(new PlanStep(node.OpType, node.Name, new MatMulFp32Problem
        {
            M = m,
            K = k,
            N = n,
            Products = [.. outputs.Select((place, i) => new MatrixTriple(lefts[i] * Size, rights[i] * Size, place * Size))],
            Left = left.Buffer.Inside.Offset,
            Right = right.Buffer.Inside.Offset,
            Output = output.Buffer.Inside.Offset,
            LeftRow = left.Strides.Bytes(2, Size),
            RightRow = right.Strides.Bytes(2, Size),
            RightColumn = right.Strides.Bytes(1, Size),
            OutputRow = output.Strides.Bytes(2, Size),
        }, [left.Buffer, right.Buffer], [output.Buffer])
        { Macs = y.ElementCount * (long)k });
        output.Produced(plan);
        return true;
    }

    private static StridedBuffer Operand(PlanBuilder plan, string value, bool isMatrix, Func<ElementStrides, bool> fits, int[]? matrix)
    {
        if (isMatrix) return plan.Forms.DemandStrided(value, ElementType.Float32, fits);
        var shape = matrix is null ? plan.Info(value).Shape : new Shape(matrix);
        return new(plan.Demand(value, ElementType.Float32, Layout.Plain), ElementStrides.RowMajor(shape));
    }

    // The product's shape with the axes that vectors leave out.
    private static Shape Whole(Shape a, Shape b, Shape y)
    {
        int[] stack = y.Dimensions[..(y.Rank - (a.Rank > 1 ? 1 : 0) - (b.Rank > 1 ? 1 : 0))].ToArray();
        return new([.. stack, a.Rank > 1 ? a[^2] : 1, b.Rank > 1 ? b[^1] : 1]);
    }
}
