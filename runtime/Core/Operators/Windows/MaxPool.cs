using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>Largest value under the window; padding never wins.</summary>
internal sealed class MaxPool : Pool
{
    public override string OpType => OpTypes.MaxPool;

    public override OperatorTraits Traits { get; } = new()
    {
        Elements = ElementFlow.Selected,
        PassesPositiveFactor = true,
        ReadsChannelsInnermost = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Text("auto_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        // The storage order is that of the indices.
        new(8, 1, 1, Text("auto_pad"), Ints("kernel_shape").Required(), Ints("pads"), Int("storage_order"), Ints("strides")) { UnreadOutputs = 1 },
        new(10, 1, 1, Text("auto_pad"), Int("ceil_mode"), Ints("dilations"),
            Ints("kernel_shape").Required(), Ints("pads"), Int("storage_order"), Ints("strides")) { UnreadOutputs = 1 },
    ];

    protected override float Reduce(Node node, ReadOnlySpan<float> plane, int height, int width, in Window window, int oy, int ox)
    {
        float max = float.NegativeInfinity;
        for (int ky = 0; ky < window.KernelHeight; ky++)
            for (int kx = 0; kx < window.KernelWidth; kx++)
            {
                int y = oy * window.StrideHeight - window.PadTop + ky * window.DilationHeight;
                int x = ox * window.StrideWidth - window.PadLeft + kx * window.DilationWidth;
                if ((uint)y < (uint)height && (uint)x < (uint)width) max = Math.Max(max, plane[y * width + x]);
            }

        return max;
    }

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Outputs.Count == 1 ? QuantizationRule.PassesScale : QuantizationRule.StaysFloat;
}
