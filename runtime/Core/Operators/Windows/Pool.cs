using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>What the pools share: a window that slides over each channel, [N][C][spatial axes] → [N][C][places along each].</summary>
internal abstract class Pool : Operator
{
    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (!Takes(x.Type)) throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        int[] shape = [.. x.Shape.Dimensions];
        var axes = WindowAxis.Resolve(node, x.Shape, [], stackalloc WindowAxis[WindowAxis.Most]);
        for (int d = 0; d < axes.Length; d++) shape[d + 2] = axes[d].Output;
        return [new(x.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var x = inputs[0];
        var plane = new WindowPlane(
            WindowAxis.Resolve(node, x.Shape, [], stackalloc WindowAxis[WindowAxis.Most]), x.Shape.Dimensions[2..]);
        int count = outputs[0].Shape.ElementCount, places = plane.Outputs, size = plane.Inputs;
        for (int i = 0; i < count; i++) outputs[0].Set(i, Reduce(node, x, i / places * size, plane, i % places));
    }

    /// <summary>Whether values of a type can be pooled.</summary>
    protected virtual bool Takes(ElementType type) => type.IsFloat();

    /// <summary>One output element.</summary>
    /// <param name="node">The node.</param>
    /// <param name="x">The input.</param>
    /// <param name="first">First element of the channel.</param>
    /// <param name="plane">The window over the channel.</param>
    /// <param name="place">Of the window.</param>
    protected abstract double Reduce(Node node, in TensorView x, int first, in WindowPlane plane, int place);
}
