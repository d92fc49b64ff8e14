using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// A function of two float values with broadcasting, and the activation behind it, in one pass: squeeze-and-excitation's Mul, gates, scalars, masks.
/// Pictures stay in the layout that they have; a square is a product.
/// </summary>
internal sealed class BinaryBroadcast : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (FunctionOf(plan, node) is not { } function) return false;
        var info = plan.Info(node.Output);
        if (info.Type != ElementType.Float32 || info.Shape.ElementCount == 0 || info.Shape.Rank > BinaryFp32Problem.MaxDimensions) return false;
        string a = node.Inputs[0], b = node.OpType == OpTypes.Pow ? a : node.Inputs[1];
        bool isNhwc = IsNhwc(plan, info.Shape, a, b);
        var epilogue = plan.EpilogueOf(node.Output);
        if (epilogue.Activation is { } activation) plan.Done(activation);
        var (left, leftSteps) = Operand(plan, a, info.Shape, isNhwc);
        var (right, rightSteps) = Operand(plan, b, info.Shape, isNhwc);
        var output = isNhwc ? plan.NewOutput(epilogue.Output, ElementType.Float32)
            : plan.Steps.NewBuffer(plan.Info(epilogue.Output), ElementType.Float32);
        int[] sizes = Ordered(info.Shape.Dimensions.ToArray(), isNhwc);
        long[] outputSteps = Ordered(isNhwc ? Steps(output, info.Shape) : Steps(info.Shape, info.Shape), isNhwc);
        plan.Append(new PlanStep(node.OpType + epilogue.Suffix, node.Name, new BinaryFp32Problem
        {
            Function = function,
            Dimensions = BinaryDimension.Joined(sizes.Select((size, d) => new BinaryDimension(size, leftSteps[d], rightSteps[d], outputSteps[d]))),
            Left = left.Inside.Offset,
            Right = right.Inside.Offset,
            Output = output.Inside.Offset,
            Low = epilogue.Low,
            High = epilogue.High,
        }, [left, right], [output])
        { InPlace = plan.Info(a).Shape == info.Shape ? left : plan.Info(b).Shape == info.Shape ? right : null });
        plan.Forms.Produced(epilogue.Output, output, isNhwc ? Layout.Nhwc : Layout.Plain);
        return true;
    }

    private static BinaryFunction? FunctionOf(PlanBuilder plan, Node node) => node.OpType == OpTypes.Pow
        ? plan.Graph.Constant(node.Inputs[1]) is { Shape: { Rank: 0 } or { Rank: 1, ElementCount: 1 } } exponent && exponent.ToFloats()[0] == 2
            ? new BinaryFunction<Mul.Of>(default) : null
        : node.Inputs.Count == 2 && OperatorTable.Of(node) is Arithmetic arithmetic ? arithmetic.Function : null;

    // Channels innermost where a picture has them so, or could as well; else row-major, without a change of layout.
    private static bool IsNhwc(PlanBuilder plan, Shape shape, params ReadOnlySpan<string> values)
    {
        if (IsFree(shape)) return false;
        bool isPlain = false;
        foreach (string value in values)
        {
            if (plan.Info(value).Shape is var own && (own.Rank != shape.Rank || IsFree(own))) continue;
            if (plan.Forms.Natural(value, ElementType.Float32) == Layout.Nhwc) return true;
            isPlain = true;
        }

        return !isPlain;
    }

    private static bool IsFree(Shape shape) => PlanBuffer.IsLayoutFree(shape);

    /// <summary>An operand and its strides along the output's dimensions, outermost first as they are in memory.</summary>
    private static (PlanBuffer Buffer, long[] Steps) Operand(PlanBuilder plan, string value, Shape output, bool isNhwc)
    {
        var shape = plan.Info(value).Shape;
        bool isPicture = isNhwc && shape.Rank == output.Rank && !IsFree(shape);
        var buffer = plan.Demand(value, ElementType.Float32, isPicture ? Layout.Nhwc : Layout.Plain);
        long[] steps = isPicture ? Steps(buffer, shape) : Steps(shape, output);
        for (int d = 0; isPicture && d < steps.Length; d++)
            if (shape[d] == 1) steps[d] = 0;
        return (buffer, Ordered(steps, isNhwc));
    }

    // N C H W or N C D H W of a picture that is stored with its channels innermost.
    private static long[] Steps(PlanBuffer picture, Shape shape)
    {
        var inside = picture.Inside;
        long[] depth = shape.Rank == 5 ? [(long)shape[3] * inside.RowStride] : [];
        return [inside.ImageStride, sizeof(float), .. depth, inside.RowStride, inside.PixelStride];
    }

    // Of a row-major value, aligned at the last dimension.
    private static long[] Steps(Shape shape, Shape output)
    {
        long[] steps = new long[output.Rank];
        long step = sizeof(float);
        for (int d = 1; d <= shape.Rank; d++)
        {
            if (shape[^d] != 1) steps[^d] = step;
            step *= shape[^d];
        }

        return steps;
    }

    // As they follow each other in memory.
    private static T[] Ordered<T>(T[] dimensions, bool isNhwc) =>
        isNhwc ? [dimensions[0], .. dimensions[2..], dimensions[1]] : dimensions;
}
