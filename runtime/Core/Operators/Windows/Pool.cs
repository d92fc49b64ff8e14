using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>What MaxPool and AveragePool share: a window that slides over each channel's plane, [N][C][H][W] → [N][C][H'][W'].</summary>
internal abstract class Pool : Operator
{
    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Float(node, 0);
        var window = Window.Of(node, x.Shape);
        return [new(ElementType.Float32, OperatorRules.ShapeOf(node, x.Shape[0], x.Shape[1], window.OutputHeight, window.OutputWidth))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (xs, ys) = (inputs[0].Shape, outputs[0].Shape);
        var window = Window.Of(node, xs);
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        int height = xs[2], width = xs[3], i = 0;
        for (int plane = 0; plane < xs[0] * xs[1]; plane++)
            for (int oy = 0; oy < ys[2]; oy++)
                for (int ox = 0; ox < ys[3]; ox++)
                    y[i++] = Reduce(node, x.Slice(plane * height * width, height * width), height, width, window, oy, ox);
    }

    /// <summary>One output element from its plane.</summary>
    protected abstract float Reduce(Node node, ReadOnlySpan<float> plane, int height, int width, in Window window, int oy, int ox);
}
