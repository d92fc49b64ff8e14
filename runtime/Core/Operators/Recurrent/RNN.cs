using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>H = f(X·Wᵀ + H·Rᵀ + Wb + Rb).</summary>
internal sealed class RNN : RecurrentOperator
{
    public override string OpType => OpTypes.RNN;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 3, 6, [.. Shared, Int("output_sequence")]) { Outputs = 2, MayMissFirstOutput = true },
        new(7, 3, 6, Shared) { Outputs = 2, MayMissFirstOutput = true },
        new(14, 3, 6, [.. Shared, Int("layout").Only(0L, 1L)]) { Outputs = 2, MayMissFirstOutput = true },
    ];

    public override int Gates => 1;

    protected override ReadOnlySpan<GateFunction.Function> Defaults => [GateFunction.Function.Tanh];

    protected override void Step(
        Node node, in RecurrentGates gates, ReadOnlySpan<GateFunction> functions, int x, in RecurrentState state, in Peepholes peepholes)
    {
        for (int unit = 0; unit < state.Next.Length; unit++) state.Next[unit] = functions[0].Of(gates.Sum(0, unit, x, state.Hidden));
    }
}
