using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>
/// i = f(X·Wiᵀ + H·Riᵀ + Pi ⊙ C + b), forget gate likewise or 1 − i with input_forget, c = g(X·Wcᵀ + H·Rcᵀ + b), C = forget ⊙ C + i ⊙ c,
/// o = f(X·Woᵀ + H·Roᵀ + Po ⊙ C + b), H = o ⊙ h(C). Hochreiter and Schmidhuber 1997; Gers and Schmidhuber 2000.
/// The clip holds for the gates and not for C, as ONNX Runtime has it.
/// </summary>
internal sealed class LSTM : RecurrentOperator
{
    private const int Input = 0, Output = 1, Forget = 2, Candidate = 3;

    public override string OpType => OpTypes.LSTM;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 3, 8, [.. Shared, Int("input_forget"), Int("output_sequence")]) { Outputs = 3, MayMissFirstOutput = true },
        new(7, 3, 8, [.. Shared, Int("input_forget")]) { Outputs = 3, MayMissFirstOutput = true },
        new(14, 3, 8, [.. Shared, Int("input_forget"), Int("layout").Only(0L, 1L)]) { Outputs = 3, MayMissFirstOutput = true },
    ];

    public override int Gates => 4;

    protected override ReadOnlySpan<GateFunction.Function> Defaults =>
        [GateFunction.Function.Sigmoid, GateFunction.Function.Tanh, GateFunction.Function.Tanh];

    protected override bool HasCell => true;

    protected override void Step(
        Node node, in RecurrentGates gates, ReadOnlySpan<GateFunction> functions, int x, in RecurrentState state, in Peepholes peepholes)
    {
        bool isCoupled = node.Attributes.Int("input_forget", 0) != 0;
        for (int unit = 0; unit < state.Next.Length; unit++)
        {
            double cell = state.Cell[unit];
            double input = functions[0].Of(gates.Sum(Input, unit, x, state.Hidden) + peepholes.Of(Input, unit, cell));
            double forget = isCoupled ? 1 - input : functions[0].Of(gates.Sum(Forget, unit, x, state.Hidden) + peepholes.Of(Forget, unit, cell));
            cell = forget * cell + input * functions[1].Of(gates.Sum(Candidate, unit, x, state.Hidden));
            double output = functions[0].Of(gates.Sum(Output, unit, x, state.Hidden) + peepholes.Of(Output, unit, cell));
            state.Cell[unit] = cell;
            state.Next[unit] = output * functions[2].OfAny(cell);
        }
    }
}
