using ResNetEdge.Operators.Products;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>The weights of one direction: what each gate of each hidden unit gets from the input and from the state.</summary>
/// <param name="inputs">
/// X, W [direction][gate · hidden][input], R [direction][gate · hidden][hidden], and B [direction][2 · gate · hidden] or none.
/// </param>
/// <param name="shape">Sizes of the layer.</param>
/// <param name="gates">Gates of a unit.</param>
/// <param name="direction">Which direction.</param>
internal readonly ref struct RecurrentGates(ReadOnlySpan<TensorView> inputs, in RecurrentShape shape, int gates, int direction)
{
    private readonly TensorView _x = inputs[0], _w = inputs[1], _r = inputs[2], _b = inputs.Length > 3 ? inputs[3] : default;
    private readonly int _inputs = shape.Inputs, _hidden = shape.Hidden, _rows = gates * shape.Hidden;

    /// <summary>X · W of a gate of a unit and the input's bias.</summary>
    /// <param name="gate">Which gate.</param>
    /// <param name="unit">Which unit.</param>
    /// <param name="x">First number of the step.</param>
    public double FromInput(int gate, int unit, int x)
    {
        int row = gate * _hidden + unit;
        double sum = DotProduct.Sum(_x, x, 1, _w, (direction * _rows + row) * _inputs, 1, _inputs);
        return _b.IsPresent ? sum + _b.Number(direction * 2 * _rows + row) : sum;
    }

    /// <summary>H · R of a gate of a unit and the state's bias.</summary>
    public double FromState(int gate, int unit, ReadOnlySpan<double> state)
    {
        int row = gate * _hidden + unit, weights = (direction * _rows + row) * _hidden;
        double sum = 0;
        for (int i = 0; i < state.Length; i++) sum += state[i] * _r.Number(weights + i);
        return _b.IsPresent ? sum + _b.Number((direction * 2 + 1) * _rows + row) : sum;
    }

    /// <summary>What it gets from both.</summary>
    public double Sum(int gate, int unit, int x, ReadOnlySpan<double> state) => FromInput(gate, unit, x) + FromState(gate, unit, state);
}
