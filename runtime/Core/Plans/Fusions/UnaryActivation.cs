using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// A function of every element that no step before it could take. Where its input is quantised and its readers want one quantised form, DQ → f → Q is
/// a table of 256 bytes; else it is computed in float. It keeps whatever layout its input has.
/// </summary>
internal sealed class UnaryActivation : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (OperatorTable.Of(node) is not ElementwiseOperator elementwise
            || plan.Info(node.Inputs[0]) is not { Type: ElementType.Float32, Shape.ElementCount: > 0 }
            || elementwise.FunctionOf(node, Known(plan, node)) is not { } function)
            return false;
        if (plan.View(node.Inputs[0]) is { } view && plan.EpilogueOf(node.Output) is { Activation: null, Quantized: { } quantized })
            AppendInt8(plan, node.OpType, node, [.. Steps(view).Select(function.Of)], view, quantized);
        else
            AppendFp32(plan, node.OpType, node, function, node.Inputs[0]);
        return true;
    }

    /// <summary>What the 256 integers of a quantised value stand for.</summary>
    public static float[] Steps(QuantizedView view)
    {
        float[] steps = new float[UnaryInt8Problem.Entries];
        for (int q = 0; q < steps.Length; q++) steps[q] = (q - view.ZeroPoint) * view.Scale;
        return steps;
    }

    /// <summary>Appends the table that computes a function of a quantised value in the form that its readers want.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="operation">The step's name.</param>
    /// <param name="node">The node whose output it gives.</param>
    /// <param name="values">The function of the <see cref="Steps"/>.</param>
    /// <param name="view">The value.</param>
    /// <param name="quantized">What the readers want.</param>
    public static void AppendInt8(
        PlanBuilder plan, string operation, Node node, float[] values, QuantizedView view, QuantizedView quantized)
    {
        var layout = plan.Forms.Natural(view.Name, ElementType.UInt8);
        PlanBuffer input = plan.Demand(view.Name, ElementType.UInt8, layout), output = NewOutput(plan, node.Output, ElementType.UInt8, layout);
        byte[] table = [.. values.Select(quantized.Quantize)];
        plan.Append(new PlanStep(operation, node.Name, new UnaryInt8Problem
        {
            Shape = input.Shape,
            Input = input.Inside,
            Output = output.Inside,
            Table = table,
        }, [input], [output])
        { InPlace = input });
        foreach (var reader in plan.Index.Consumers(node.Output)) plan.Forms.Produced(reader.Output, output, layout);
    }

    /// <summary>Appends the step that computes a function of a float value.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="operation">The step's name.</param>
    /// <param name="node">The node whose output it gives.</param>
    /// <param name="function">The function.</param>
    /// <param name="x">The value.</param>
    public static void AppendFp32(PlanBuilder plan, string operation, Node node, ElementFunction function, string x)
    {
        var layout = plan.Forms.Natural(x, ElementType.Float32);
        PlanBuffer input = plan.Demand(x, ElementType.Float32, layout),
            output = NewOutput(plan, node.Output, ElementType.Float32, layout);
        plan.Append(new PlanStep(operation, node.Name, new UnaryFp32Problem
        {
            Shape = input.Shape,
            Input = input.Inside,
            Output = output.Inside,
            Function = function,
        }, [input], [output])
        { InPlace = input });
        plan.Forms.Produced(node.Output, output, layout);
    }

    // Only a step that writes channels innermost can write into its slice of a Concat.
    private static PlanBuffer NewOutput(PlanBuilder plan, string value, ElementType type, Layout layout) =>
        layout == Layout.Nhwc ? plan.NewOutput(value, type) : plan.Steps.NewBuffer(plan.Info(value), type);

    private static InputType?[] Known(PlanBuilder plan, Node node) =>
        [.. node.Inputs.Select(v => v.Length == 0 ? null : new InputType(plan.Info(v).Type, plan.Info(v).Shape, plan.Graph.Constant(v)))];
}
