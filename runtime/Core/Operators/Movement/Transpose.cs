using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Permutes dimensions: output dimension i is input dimension perm[i]; reversed when perm is left out.</summary>
internal sealed class Transpose : Operator
{
    public override string OpType => OpTypes.Transpose;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Moved };

    /// <summary>The permutation of a node whose input has that rank.</summary>
    public static long[] Permutation(Node node, int rank)
    {
        var perm = node.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        if (perm.Length != rank || rank > ShapedByValues.MaxRank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
            throw OperatorRules.Bad(node, $"perm {string.Join(',', perm)} does not permute {rank} dimensions");
        return perm;
    }

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Ints("perm"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        int[] shape = [.. Permutation(node, x.Shape.Rank).Select(p => x.Shape[(int)p])];
        return [new(x.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        var perm = node.Attributes.Ints("perm");
        var box = new StridedBox(x.Type.Size());
        for (int d = 0; d < y.Shape.Rank; d++)
            box.Add(y.Shape[d], RowMajor.Stride(x.Shape, perm is null ? y.Shape.Rank - 1 - d : (int)perm[d]), RowMajor.Stride(y.Shape, d));
        box.Copy(x.Bytes, 0, y.Bytes, 0);
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;
}
