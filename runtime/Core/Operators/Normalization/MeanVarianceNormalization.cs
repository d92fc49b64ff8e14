using ResNetEdge.Model;
using ResNetEdge.Operators.Reductions;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>(x - mean) / (standard deviation + 1e-9), both over the axes named; batch, height and width when none are.</summary>
internal sealed class MeanVarianceNormalization : Operator
{
    // Added to the deviation, not to the variance: ONNX's function body.
    private const double Epsilon = 1e-9;

    private static readonly long[] DefaultAxes = [0, 2, 3];

    public override string OpType => "MeanVarianceNormalization";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1, Ints("axes"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        if (x.Shape.Rank > ReducedGroups.MaxRank)
            throw OperatorRules.Bad(node, $"rank {x.Shape.Rank} is not supported; at most {ReducedGroups.MaxRank} is");
        Mark(node, new bool[x.Shape.Rank]);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        Span<bool> reduced = stackalloc bool[ReducedGroups.MaxRank];
        reduced = reduced[..x.Shape.Rank];
        reduced.Clear();
        Mark(node, reduced);
        var groups = new ReducedGroups(x.Shape, reduced, stackalloc (int, int)[ReducedGroups.Scratch]);
        for (int g = 0; g < groups.Count; g++)
        {
            int first = groups.First(g);
            double sum = 0, squares = 0;
            for (int i = 0; i < groups.Size; i++) sum += x.Number(first + groups.Within(i));
            double mean = sum / groups.Size;
            for (int i = 0; i < groups.Size; i++)
            {
                double distance = x.Number(first + groups.Within(i)) - mean;
                squares += distance * distance;
            }

            double deviation = Math.Sqrt(squares / groups.Size) + Epsilon;
            for (int i = 0; i < groups.Size; i++) y.Set(first + groups.Within(i), (x.Number(first + groups.Within(i)) - mean) / deviation);
        }
    }

    // All axes when the list is empty, as ReduceMean has it.
    private static void Mark(Node node, Span<bool> reduced)
    {
        ReadOnlySpan<long> axes = node.Attributes.Ints("axes") ?? DefaultAxes;
        if (axes.Length == 0) reduced.Fill(true);
        foreach (long axis in axes) reduced[OperatorRules.Axis(node, axis, reduced.Length)] = true;
    }
}
