using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>
/// Convolution over pixels whose places are computed: each tap is moved by an offset, read bilinearly (zero outside) and weighted by a mask. Dai et
/// al., arXiv:1703.06211; Zhu et al., arXiv:1811.11168. x [N][C][H][W], w [M][C/group][kernel], offset [N][groups·taps·2][places], b [M], mask
/// [N][groups·taps][places].
/// </summary>
internal sealed class DeformConv : Operator
{
    public override string OpType => "DeformConv";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(19, 3, 5, Ints("dilations"), Int("group"), Ints("kernel_shape"), Int("offset_group"), Ints("pads"), Ints("strides")),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        var w = inputs.OfType(node, 1, x.Type);
        if (x.Shape.Rank != 4) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; only pictures are supported");
        var shape = ConvRules.Output(node, x.Shape, w.Shape);
        long groups = node.Attributes.Int("offset_group", 1);
        int taps = w.Shape[2] * w.Shape[3];
        if (groups < 1 || groups > Math.Max(1, x.Shape[1]) || x.Shape[1] % groups != 0)
            throw OperatorRules.Bad(node, $"its {x.Shape[1]} channels cannot be divided into {groups} groups of offsets");
        inputs.OfTypeAndShape(node, 2, x.Type, shape[0], (int)groups * taps * 2, shape[2], shape[3]);
        if (inputs.Optional(3) is not null) inputs.OfTypeAndShape(node, 3, x.Type, shape[1]);
        if (inputs.Optional(4) is not null) inputs.OfTypeAndShape(node, 4, x.Type, shape[0], (int)groups * taps, shape[2], shape[3]);
        return [new(x.Type, shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, w, offset, y) = (inputs[0], inputs[1], inputs[2], outputs[0]);
        TensorView bias = inputs.Length > 3 ? inputs[3] : default, mask = inputs.Length > 4 ? inputs[4] : default;
        var axes = WindowAxis.Resolve(node, x.Shape, w.Shape.Dimensions[2..], stackalloc WindowAxis[WindowAxis.Most]);
        int places = y.Shape[2] * y.Shape[3], taps = w.Shape[2] * w.Shape[3], perGroup = y.Shape[1] / (int)node.Attributes.Int("group", 1);
        int perOffset = x.Shape[1] / (int)node.Attributes.Int("offset_group", 1), offsetGroups = (int)node.Attributes.Int("offset_group", 1);
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            int place = i % places, m = i / places % y.Shape[1], n = i / places / y.Shape[1];
            double sum = bias.IsPresent ? bias.Number(m) : 0;
            for (int c = 0; c < w.Shape[1]; c++)
            {
                int channel = m / perGroup * w.Shape[1] + c;
                for (int tap = 0; tap < taps; tap++)
                {
                    int moved = (n * offsetGroups + channel / perOffset) * taps + tap;
                    double row = InputOf(axes[0], place / y.Shape[3], tap / w.Shape[3]) + offset.Number(2 * moved * places + place);
                    double column = InputOf(axes[1], place % y.Shape[3], tap % w.Shape[3]) + offset.Number((2 * moved + 1) * places + place);
                    double value = Bilinear(x, n * x.Shape[1] + channel, row, column) * w.Number((m * w.Shape[1] + c) * taps + tap);
                    sum += mask.IsPresent ? value * mask.Number(moved * places + place) : value;
                }
            }

            y.Set(i, sum);
        }
    }

    private static int InputOf(WindowAxis axis, int place, int tap) => place * axis.Stride + tap * axis.Dilation - axis.Before;

    private static double Bilinear(in TensorView x, int plane, double row, double column)
    {
        int height = x.Shape[2], width = x.Shape[3];
        if (!(row > -1 && row < height && column > -1 && column < width)) return 0;
        int top = (int)Math.Floor(row), left = (int)Math.Floor(column);
        double down = row - top, right = column - left;
        return (1 - down) * ((1 - right) * At(x, plane, top, left) + right * At(x, plane, top, left + 1))
            + down * ((1 - right) * At(x, plane, top + 1, left) + right * At(x, plane, top + 1, left + 1));
    }

    private static double At(in TensorView x, int plane, int row, int column) =>
        row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3] ? x.Number((plane * x.Shape[2] + row) * x.Shape[3] + column) : 0;
}
