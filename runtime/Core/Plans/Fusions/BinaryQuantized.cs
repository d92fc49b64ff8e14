using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// DQ → function of two values, with broadcasting → activation → Q in one pass: squeeze-and-excitation's Mul, gates, a PRelu with its float slopes.
/// </summary>
internal sealed class BinaryQuantized : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.Inputs.Count != 2 || OperatorTable.Of(node) is not Arithmetic { Function: { } function }) return false;
        var info = plan.Info(node.Output);
        if (info.Type != ElementType.Float32 || info.Shape.ElementCount == 0 || info.Shape.Rank > BinaryFp32Problem.MaxDimensions) return false;
        string slopes = node.Inputs[1];
        var (left, right) = (plan.View(node.Inputs[0]), plan.View(slopes));
        if (left is null || (right is null && plan.Graph.Constant(slopes) is not { Type: ElementType.Float32 })) return false;
        var epilogue = plan.EpilogueOf(node.Output);
        if (epilogue.Quantized is not { } result) return false;
        if (epilogue.Activation is { } activation) plan.Done(activation);
        Append(plan, node, function, left, right, result, epilogue);
        return true;
    }

    private static void Append(
        PlanBuilder plan, Node node, BinaryFunction function, QuantizedView left, QuantizedView? right, QuantizedView result, Epilogue epilogue)
    {
        var shape = plan.Info(node.Output).Shape;
        (string Name, ElementType Type) a = (left.Name, ElementType.UInt8),
            b = right is null ? (node.Inputs[1], ElementType.Float32) : (right.Name, ElementType.UInt8);
        bool isNhwc = right is null ? BroadcastOperand.AreNhwc(plan, shape, a) : BroadcastOperand.AreNhwc(plan, shape, a, b);
        var (x, leftSteps) = BroadcastOperand.Of(plan, a.Name, a.Type, shape, isNhwc);
        var (y, rightSteps) = BroadcastOperand.Of(plan, b.Name, b.Type, shape, isNhwc);
        var output = isNhwc ? plan.NewOutput(epilogue.Output, ElementType.UInt8)
            : plan.Steps.NewBuffer(plan.Info(epilogue.Output), ElementType.UInt8);
        plan.Append(new PlanStep(node.OpType + epilogue.Suffix, node.Name, new BinaryInt8Problem
        {
            Function = function,
            Dimensions = BroadcastOperand.Dimensions(shape, leftSteps, rightSteps, output, isNhwc),
            Left = new(x.Inside.Offset, left.Scale, left.ZeroPoint),
            Right = new(y.Inside.Offset, right?.Scale ?? 1, right?.ZeroPoint ?? 0),
            IsRightFloat = right is null,
            Output = new(output.Inside.Offset, result.Scale, result.ZeroPoint),
            Low = result.Quantize(epilogue.Low),
            High = result.Quantize(epilogue.High),
        }, [x, y], [output])
        { InPlace = plan.Info(a.Name).Shape == shape ? x : null });
        foreach (var reader in plan.Index.Consumers(epilogue.Output))
            plan.Forms.Produced(reader.Output, output, isNhwc ? Layout.Nhwc : Layout.Plain);
    }
}
