using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>What the pools over whole channels share: [N][C][spatial axes] → [N][C][1 for each].</summary>
internal abstract class GlobalPool : Operator
{
    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        if (x.Shape.Rank < 2) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; batch, channels and spatial axes are expected");
        int[] shape = [.. x.Shape.Dimensions];
        shape.AsSpan(2).Fill(1);
        if (AreaOf(x.Shape) == 0) throw OperatorRules.Bad(node, $"the channels of its input of shape {x.Shape} are empty, which is not supported");
        return [new(x.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        int area = AreaOf(inputs[0].Shape), count = outputs[0].Shape.ElementCount;
        for (int i = 0; i < count; i++) outputs[0].Set(i, Reduce(node, inputs[0], i * area, area));
    }

    /// <summary>One output element, from the elements of its channel.</summary>
    protected abstract double Reduce(Node node, in TensorView x, int first, int count);

    private static int AreaOf(Shape shape)
    {
        int area = 1;
        foreach (int size in shape.Dimensions[2..]) area *= size;
        return area;
    }
}
