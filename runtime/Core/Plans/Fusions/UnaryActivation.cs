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
            FunctionTable.Append(plan, node, node.OpType, view, Table(function, view, quantized));
        else
            AppendFp32(plan, node.OpType, node, function, node.Inputs[0]);
        return true;
    }

    private static byte[] Table(ElementFunction function, QuantizedView view, QuantizedView quantized)
    {
        byte[] table = new byte[QuantizedView.Count];
        for (int q = 0; q < table.Length; q++) table[q] = quantized.Quantize(function.Of(view.Dequantize((byte)q)));
        return table;
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
