using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Detection;

/// <summary>
/// Chooses boxes, for each picture and class the one with the best score that is left, and drops those that it overlaps too much. A row of the output
/// is picture, class and box. How many there are follows from the values, so the file must declare it.
/// </summary>
internal sealed class NonMaxSuppression : ShapedByValues
{
    public override string OpType => "NonMaxSuppression";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 2, 5, Int("center_point_box").Only(0L, 1L))];

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var rows = outputs[0].As<long>();
        int found = Select(node, inputs, rows);
        if (found * 3 != rows.Length)
            throw OperatorRules.Bad(
                node, $"{(found * 3 > rows.Length ? "more" : "fewer")} boxes are selected than the {rows.Length / 3} that the file declares");
    }

    protected override bool GivesShape(int input) => true;

    protected override bool MayGiveShape(int input, ElementType type) => true;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType boxes = inputs.Float(node, 0), scores = inputs.Float(node, 1);
        bool fits = boxes.Shape.Rank == 3 && scores.Shape.Rank == 3 && boxes.Shape[2] == 4 && boxes.Shape[0] == scores.Shape[0]
            && boxes.Shape[1] == scores.Shape[2];
        if (!fits) throw OperatorRules.Bad(node, $"boxes of shape {boxes.Shape} with scores of shape {scores.Shape}");
        for (int i = 2; i < 5; i++)
            if (inputs.Optional(i) is { } limit
                && (limit.Shape.ElementCount != 1 || limit.Type != (i == 2 ? ElementType.Int64 : ElementType.Float32)))
                throw OperatorRules.Bad(node, $"input {i} is {limit.Type}[{limit.Shape}]; one number is expected");
        return ElementType.Int64;
    }

    protected override bool CanBe(Node node, Shape declared, ReadOnlySpan<InputType?> inputs) => declared.Rank == 2 && declared[1] == 3;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var scores = inputs[1].Shape;
        long most = Math.Min(Limit(inputs), scores[2]) * scores[0] * scores[1] * 3;
        if (most > Array.MaxLength) throw OperatorRules.Bad(node, $"up to {most / 3} boxes");
        shape[0] = Select(node, inputs, new long[most]);
        shape[1] = 3;
        return 2;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs) =>
        throw new InvalidOperationException("Evaluate computes while it counts");

    /// <summary>Fills in the rows, and stops when one more does not fit.</summary>
    /// <returns>How many there are; one more than fit when there are too many.</returns>
    private static int Select(Node node, ReadOnlySpan<TensorView> inputs, Span<long> rows)
    {
        TensorView boxes = inputs[0], scores = inputs[1];
        long limit = Limit(inputs);
        float overlap = Setting(inputs, 3, 0), threshold = Setting(inputs, 4, float.NegativeInfinity);
        bool isCentred = node.Attributes.Int("center_point_box", 0) != 0;
        int count = 0, perPicture = boxes.Shape[1];
        for (int picture = 0; picture < scores.Shape[0]; picture++)
            for (int kind = 0; kind < scores.Shape[1]; kind++)
            {
                var score = scores.As<float>().Slice((picture * scores.Shape[1] + kind) * perPicture, perPicture);
                var all = boxes.As<float>().Slice(picture * perPicture * 4, perPicture * 4);
                int first = count;
                for (int box = Best(score, threshold, -1); box >= 0 && count - first < limit; box = Best(score, threshold, box))
                {
                    bool isKept = true;
                    for (int i = first; isKept && i < count; i++)
                        isKept = !(BoxOverlap.Of(all, box, (int)rows[i * 3 + 2], isCentred) > overlap);
                    if (!isKept) continue;
                    if ((count + 1) * 3 > rows.Length) return count + 1;
                    (rows[count * 3], rows[count * 3 + 1], rows[count * 3 + 2]) = (picture, kind, box);
                    count++;
                }
            }

        return count;
    }

    // The best score after another, or of all: what comes next when they are sorted, equal ones by their number.
    private static int Best(ReadOnlySpan<float> scores, float threshold, int after)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            bool isLeft = scores[i] > threshold && (after < 0 || scores[i] < scores[after] || (scores[i] == scores[after] && i > after));
            if (isLeft && (best < 0 || scores[i] > scores[best])) best = i;
        }

        return best;
    }

    private static long Limit(ReadOnlySpan<TensorView> inputs) =>
        inputs.Length > 2 && inputs[2].IsPresent ? Math.Max(0, inputs[2].Integer(0)) : 0;

    private static float Setting(ReadOnlySpan<TensorView> inputs, int index, float otherwise) =>
        inputs.Length > index && inputs[index].IsPresent ? inputs[index].As<float>()[0] : otherwise;
}
