using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Products;

/// <summary>Sums of products as an equation says them: <c>bij,bjk->bik</c> is a product of stacks of matrices.</summary>
internal sealed class Einsum : Operator
{
    public override string OpType => "Einsum";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Operand] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(12, 1, Signature.AnyNumber, Text("equation").Required())];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var first = inputs.Required(node, 0);
        if (first.Type == ElementType.Bool) throw OperatorRules.Bad(node, "input 0 is Bool, which is not supported there");
        if (inputs.Length > EinsumEquation.MostTerms) throw OperatorRules.Bad(node, $"more than {EinsumEquation.MostTerms} inputs are not supported");
        for (int i = 1; i < inputs.Length; i++) inputs.OfType(node, i, first.Type);
        EinsumEquation.Parse(node, inputs.Length, [], inputs, out var equation);
        int[] shape = new int[equation.OutputRank];
        for (int d = 0; d < shape.Length; d++) shape[d] = equation.OutputSize(d);
        return [new(first.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var y = outputs[0];
        EinsumEquation.Parse(node, inputs.Length, inputs, [], out var equation);
        Span<int> offsets = stackalloc int[EinsumEquation.MostTerms];
        offsets = offsets[..inputs.Length];
        int count = y.Shape.ElementCount;
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            long whole = 0;
            for (long place = 0; place < equation.Summed; place++)
            {
                equation.Offsets(i, place, offsets);
                if (y.Type.IsFloat()) sum += Product(inputs, offsets);
                else whole += IntegerProduct(inputs, offsets);
            }

            if (y.Type.IsFloat()) y.Set(i, sum);
            else y.Set(i, whole);
        }
    }

    private static double Product(ReadOnlySpan<TensorView> inputs, ReadOnlySpan<int> offsets)
    {
        double product = 1;
        for (int term = 0; term < offsets.Length; term++) product *= inputs[term].Number(offsets[term]);
        return product;
    }

    private static long IntegerProduct(ReadOnlySpan<TensorView> inputs, ReadOnlySpan<int> offsets)
    {
        long product = 1;
        for (int term = 0; term < offsets.Length; term++) product *= inputs[term].Integer(offsets[term]);
        return product;
    }
}
