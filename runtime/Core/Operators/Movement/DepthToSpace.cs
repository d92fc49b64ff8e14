using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// Blocks of channels become pixels: N x b²C x H x W to N x C x bH x bW. In mode DCR the block's place is the outer part of a channel's number, in
/// CRD (PyTorch's PixelShuffle) the inner.
/// </summary>
internal sealed class DepthToSpace : Operator
{
    public override string OpType => OpTypes.DepthToSpace;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Moved };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Int("blocksize").Required()),
        new(11, 1, 1, Int("blocksize").Required(), Text("mode").Only("DCR", "CRD")),
    ];

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        long block = node.Attributes.Int("blocksize", 0);
        if (x.Shape.Rank != 4 || block is < 1 or > 1 << 15 || x.Shape[1] % (block * block) != 0)
            throw OperatorRules.Bad(node, $"an input of shape {x.Shape} does not divide into blocks of {block}x{block}");
        int size = (int)block, height = OperatorRules.Scaled(node, x.Shape[2], size), width = OperatorRules.Scaled(node, x.Shape[3], size);
        return [new(x.Type, OperatorRules.ShapeOf(node, x.Shape[0], x.Shape[1] / (size * size), height, width))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int block = (int)node.Attributes.Int("blocksize", 0), channels = y.Shape[1], height = x.Shape[2], width = x.Shape[3];
        int plane = RowMajor.Product(x.Shape, 2, 4);
        bool isBlockInner = node.Attributes.String("mode", "DCR") == "CRD";
        int perChannel = isBlockInner ? block * block * plane : plane, perPlace = isBlockInner ? plane : channels * plane;
        var box = new StridedBox(x.Type.Size());
        box.Add(x.Shape[0], RowMajor.Stride(x.Shape, 0), RowMajor.Stride(y.Shape, 0));
        box.Add(channels, perChannel, RowMajor.Stride(y.Shape, 1));
        box.Add(height, width, block * y.Shape[3]);
        box.Add(block, block * perPlace, y.Shape[3]);
        box.Add(width, 1, block);
        box.Add(block, perPlace, 1);
        box.Copy(x.Bytes, 0, y.Bytes, 0);
    }
}
