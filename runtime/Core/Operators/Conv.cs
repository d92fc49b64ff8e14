using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators;

/// <summary>Two-dimensional convolution. x [N][C][H][W], w [M][C/group][kH][kW], b [M] or left out → [N][M][H'][W'].</summary>
internal sealed class Conv : Operator
{
    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(1, 2, 3, Text("auto_pad"), Ints("dilations"), Int("group"), Ints("kernel_shape"), Ints("pads"), Ints("strides"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Float(node, 0), w = inputs.Float(node, 1);
        if (w.Shape.Rank != 4) throw OperatorRules.Bad(node, $"its weights have shape {w.Shape}; only two-dimensional convolutions are supported");
        var window = Window.Of(node, x.Shape, w.Shape[2], w.Shape[3]);
        long groups = node.Attributes.Int("group", 1);
        if (groups < 1 || w.Shape[0] % groups != 0 || x.Shape[1] != w.Shape[1] * groups)
            throw OperatorRules.Bad(node, $"{x.Shape[1]} input channels do not fit weights {w.Shape} in {groups} groups");
        if (inputs.Optional(2) is { } b && b.Shape != new Shape(w.Shape[0]))
            throw OperatorRules.Bad(node, $"its bias has shape {b.Shape}; {w.Shape[0]} values are expected");
        return [new(ElementType.Float32, OperatorRules.ShapeOf(node, x.Shape[0], w.Shape[0], window.OutputHeight, window.OutputWidth))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (xs, ws, ys) = (inputs[0].Shape, inputs[1].Shape, outputs[0].Shape);
        var window = Window.Of(node, xs, ws[2], ws[3]);
        ReadOnlySpan<float> x = inputs[0].As<float>(), w = inputs[1].As<float>();
        ReadOnlySpan<float> bias = inputs.Length > 2 && inputs[2].IsPresent ? inputs[2].As<float>() : default;
        var y = outputs[0].As<float>();
        int channels = ws[1], groupOutputs = ws[0] / (int)node.Attributes.Int("group", 1), i = 0;
        for (int n = 0; n < ys[0]; n++)
            for (int m = 0; m < ys[1]; m++)
                for (int oy = 0; oy < ys[2]; oy++)
                    for (int ox = 0; ox < ys[3]; ox++)
                    {
                        // Sums in double, rounded once: the reference is more exact than any kernel.
                        double sum = bias.IsEmpty ? 0 : bias[m];
                        for (int c = 0; c < channels; c++)
                        {
                            int plane = (n * xs[1] + m / groupOutputs * channels + c) * xs[2];
                            for (int ky = 0; ky < ws[2]; ky++)
                            {
                                int iy = oy * window.StrideHeight - window.PadTop + ky * window.DilationHeight;
                                if ((uint)iy >= (uint)xs[2]) continue;
                                for (int kx = 0; kx < ws[3]; kx++)
                                {
                                    int ix = ox * window.StrideWidth - window.PadLeft + kx * window.DilationWidth;
                                    if ((uint)ix >= (uint)xs[3]) continue;
                                    sum += (double)x[(plane + iy) * xs[3] + ix] * w[((m * channels + c) * ws[2] + ky) * ws[3] + kx];
                                }
                            }
                        }

                        y[i++] = (float)sum;
                    }
    }
}
