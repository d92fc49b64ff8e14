using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// Blocks of pixels become channels: N x C x bH x bW to N x b²C x H x W; the block's place is the outer part of a channel's number.
/// </summary>
internal sealed class SpaceToDepth : Operator
{
    public override string OpType => "SpaceToDepth";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Moved };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Int("blocksize").Required())];

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        long block = node.Attributes.Int("blocksize", 0);
        if (x.Shape.Rank != 4 || block is < 1 or > 1 << 15 || x.Shape[2] % block != 0 || x.Shape[3] % block != 0)
            throw OperatorRules.Bad(node, $"an input of shape {x.Shape} does not divide into blocks of {block}x{block}");
        int size = (int)block;
        return [new(x.Type, OperatorRules.ShapeOf(
            node, x.Shape[0], OperatorRules.Scaled(node, x.Shape[1], size * size), x.Shape[2] / size, x.Shape[3] / size))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int block = (int)node.Attributes.Int("blocksize", 0), width = x.Shape[3], plane = RowMajor.Stride(y.Shape, 1), channels = x.Shape[1];
        var box = new StridedBox(x.Type.Size());
        box.Add(x.Shape[0], RowMajor.Stride(x.Shape, 0), RowMajor.Stride(y.Shape, 0));
        box.Add(block, width, block * channels * plane);
        box.Add(block, 1, channels * plane);
        box.Add(channels, RowMajor.Stride(x.Shape, 1), plane);
        box.Add(y.Shape[2], block * width, y.Shape[3]);
        box.Add(y.Shape[3], block, 1);
        box.Copy(x.Bytes, 0, y.Bytes, 0);
    }
}
