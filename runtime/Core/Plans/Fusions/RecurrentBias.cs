using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// The bias of a recurrent layer by where it is added: Wb + Rb where the inputs' product is stored; but the Rb of a candidate whose product is reset
/// belongs to that product.
/// </summary>
internal sealed class RecurrentBias
{
    /// <param name="bias">B, [direction][2 · gate · hidden]; null for zeros.</param>
    /// <param name="shape">Sizes of the layer.</param>
    /// <param name="gates">Gates of a unit; the candidate is the last one.</param>
    /// <param name="resetsProduct">A GRU with linear_before_reset.</param>
    public RecurrentBias(float[]? bias, in RecurrentShape shape, int gates, bool resetsProduct)
    {
        int rows = gates * shape.Hidden, candidate = rows - shape.Hidden;
        OfInputs = new float[shape.Directions * rows];
        OfCandidate = resetsProduct ? new float[shape.Directions * shape.Hidden] : null;
        if (bias is null) return;
        for (int direction = 0; direction < shape.Directions; direction++)
        {
            ReadOnlySpan<float> input = bias.AsSpan(2 * direction * rows, rows), state = bias.AsSpan((2 * direction + 1) * rows, rows);
            for (int row = 0; row < rows; row++)
                OfInputs[direction * rows + row] = OfCandidate is not null && row >= candidate ? input[row] : input[row] + state[row];
            if (OfCandidate is not null) state[candidate..].CopyTo(OfCandidate.AsSpan(direction * shape.Hidden));
        }
    }

    /// <summary>[direction][gate · hidden].</summary>
    public float[] OfInputs { get; }

    /// <summary>[direction][hidden], or null.</summary>
    public float[]? OfCandidate { get; }
}
