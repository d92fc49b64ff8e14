using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Permutes dimensions: output dimension i is input dimension perm[i]; reversed when perm is left out.</summary>
internal sealed class Transpose : Operator
{
    public override string OpType => OpTypes.Transpose;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Moved };

    private const int MaxRank = 8;

    /// <summary>The permutation of a node whose input has that rank.</summary>
    public static long[] Permutation(Node node, int rank)
    {
        var perm = node.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        if (perm.Length != rank || rank > MaxRank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
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
        int rank = x.Shape.Rank, size = x.Type.Size();
        var perm = node.Attributes.Ints("perm");
        Span<int> strides = stackalloc int[MaxRank], index = stackalloc int[MaxRank];
        index.Clear();
        for (int i = 0; i < rank; i++)
        {
            int from = perm is null ? rank - 1 - i : (int)perm[i], stride = size;
            for (int d = from + 1; d < rank; d++) stride *= x.Shape[d];
            strides[i] = stride;
        }

        ReadOnlySpan<byte> source = x.Bytes;
        var target = y.Bytes;
        for (int offset = 0, done = 0; done < target.Length; done += size)
        {
            source.Slice(offset, size).CopyTo(target[done..]);
            for (int d = rank - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++index[d] < y.Shape[d]) break;
                offset -= strides[d] * index[d];
                index[d] = 0;
            }
        }
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;
}
