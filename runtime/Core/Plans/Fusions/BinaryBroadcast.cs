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
        bool isNhwc = BroadcastOperand.AreNhwc(plan, info.Shape, (a, ElementType.Float32), (b, ElementType.Float32));
        var epilogue = plan.EpilogueOf(node.Output);
        if (epilogue.Activation is { } activation) plan.Done(activation);
        var (left, leftSteps) = BroadcastOperand.Of(plan, a, ElementType.Float32, info.Shape, isNhwc);
        var (right, rightSteps) = BroadcastOperand.Of(plan, b, ElementType.Float32, info.Shape, isNhwc);
        var output = isNhwc ? plan.NewOutput(epilogue.Output, ElementType.Float32)
            : plan.Steps.NewBuffer(plan.Info(epilogue.Output), ElementType.Float32);
        plan.Append(new PlanStep(node.OpType + epilogue.Suffix, node.Name, new BinaryFp32Problem
        {
            Function = function,
            Dimensions = BroadcastOperand.Dimensions(info.Shape, leftSteps, rightSteps, output, isNhwc),
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
}
