namespace ResNetEdge.Operators.Recurrent;

/// <summary>P of an LSTM, [direction][3 · hidden] for the gates i, o and f: how the cell looks into its gates.</summary>
/// <param name="weights">All of them; an empty view for none.</param>
/// <param name="direction">Which direction.</param>
/// <param name="hidden">Numbers of the state.</param>
internal readonly struct Peepholes(TensorView weights, int direction, int hidden)
{
    /// <summary>What a gate of a unit gets from its cell.</summary>
    public double Of(int gate, int unit, double cell) => weights.IsPresent ? weights.Number((direction * 3 + gate) * hidden + unit) * cell : 0;
}
