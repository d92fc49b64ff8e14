using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>Mean under the window; padding counts as zeros only with count_include_pad, and never beyond the padded edge.</summary>
internal sealed class AveragePool : Pool
{
    public override string OpType => OpTypes.AveragePool;

    public override OperatorTraits Traits { get; } = new()
    {
        HasInt8Form = true,
        PassesPositiveFactor = true,
        RoundsToReaders = true,
        ReadsChannelsInnermost = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(7, 1, 1, Text("auto_pad"), Int("count_include_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new(10, 1, 1, Text("auto_pad"), Int("ceil_mode"), Int("count_include_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new(19, 1, 1, Text("auto_pad"), Int("ceil_mode"), Int("count_include_pad"), Ints("dilations"),
            Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
    ];

    protected override float Reduce(Node node, ReadOnlySpan<float> plane, int height, int width, in Window window, int oy, int ox)
    {
        bool includePad = node.Attributes.Int("count_include_pad", 0) != 0;
        double sum = 0;
        int count = 0;
        for (int ky = 0; ky < window.KernelHeight; ky++)
            for (int kx = 0; kx < window.KernelWidth; kx++)
            {
                int y = oy * window.StrideHeight - window.PadTop + ky * window.DilationHeight;
                int x = ox * window.StrideWidth - window.PadLeft + kx * window.DilationWidth;
                bool inside = (uint)y < (uint)height && (uint)x < (uint)width;
                if (inside) sum += plane[y * width + x];
                if (inside || (includePad && y < height + window.PadBottom && x < width + window.PadRight)) count++;
            }

        return count == 0 ? 0 : (float)(sum / count);
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.ComputesInInt8;
}
