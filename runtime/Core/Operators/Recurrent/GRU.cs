using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>
/// z = f(X·Wzᵀ + H·Rzᵀ + b), r = f(X·Wrᵀ + H·Rrᵀ + b), h = g(X·Whᵀ + (r ⊙ H)·Rhᵀ + b), H = (1 − z) ⊙ h + z ⊙ H; with linear_before_reset
/// h = g(X·Whᵀ + Wb + r ⊙ (H·Rhᵀ + Rb)). Cho et al., arXiv:1406.1078.
/// </summary>
internal sealed class GRU : RecurrentOperator
{
    private const int Update = 0, Reset = 1, Candidate = 2;

    public override string OpType => OpTypes.GRU;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 3, 6, [.. Shared, Int("output_sequence")]) { Outputs = 2, MayMissFirstOutput = true },
        new(3, 3, 6, [.. Shared, Int("linear_before_reset"), Int("output_sequence")]) { Outputs = 2, MayMissFirstOutput = true },
        new(7, 3, 6, [.. Shared, Int("linear_before_reset")]) { Outputs = 2, MayMissFirstOutput = true },
        new(14, 3, 6, [.. Shared, Int("layout").Only(0L, 1L), Int("linear_before_reset")]) { Outputs = 2, MayMissFirstOutput = true },
    ];

    public override int Gates => 3;

    protected override ReadOnlySpan<GateFunction.Function> Defaults => [GateFunction.Function.Sigmoid, GateFunction.Function.Tanh];

    protected override void Step(
        Node node, in RecurrentGates gates, ReadOnlySpan<GateFunction> functions, int x, in RecurrentState state, in Peepholes peepholes)
    {
        bool isLinearFirst = node.Attributes.Int("linear_before_reset", 0) != 0;
        var reset = state.Between;
        for (int unit = 0; unit < reset.Length; unit++)
        {
            double r = functions[0].Of(gates.Sum(Reset, unit, x, state.Hidden));
            reset[unit] = isLinearFirst ? r : r * state.Hidden[unit];
        }

        for (int unit = 0; unit < reset.Length; unit++)
        {
            double fromState = isLinearFirst ? reset[unit] * gates.FromState(Candidate, unit, state.Hidden) : gates.FromState(Candidate, unit, reset);
            double candidate = functions[1].Of(gates.FromInput(Candidate, unit, x) + fromState);
            double z = functions[0].Of(gates.Sum(Update, unit, x, state.Hidden));
            state.Next[unit] = (1 - z) * candidate + z * state.Hidden[unit];
        }
    }
}
