using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>
/// A GRU whose reset gate scales the state: z = f(·), r = f(·), h = g(X·Whᵀ + (r ⊙ H)·Rhᵀ + b), H = (1 - z) ⊙ h + z ⊙ H. The candidate needs a
/// product of its own.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class GruStateFp32<TLanes> : CellFp32 where TLanes : struct, IFloatLanes<TLanes>
{
    private readonly IStateProduct _gates, _candidate;
    private readonly GateRow _f, _g;
    private readonly int _hidden;
    private readonly double _gateClip, _candidateClip;

    /// <param name="gates">Of z and r.</param>
    /// <param name="candidate">Of the candidate.</param>
    /// <param name="functions">f, g.</param>
    /// <param name="hidden">Numbers of the state.</param>
    public GruStateFp32(IStateProduct gates, IStateProduct candidate, ReadOnlySpan<GateFunction> functions, int hidden)
    {
        (_gates, _candidate, _hidden) = (gates, candidate, hidden);
        (_f, _g) = (GateRow.Of<TLanes>(functions[0]), GateRow.Of<TLanes>(functions[1]));
        (_gateClip, _candidateClip) = (functions[0].Clip, functions[1].Clip);
    }

    public override long Bytes => _gates.Bytes + _candidate.Bytes;

    public override void Step(in StepRows rows)
    {
        int n = _hidden;
        rows.Take(0, 2 * n);
        _gates.Add(rows.Hidden, n, rows.Sums, rows.SumsPitch, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            float* update = rows.Sums + row * rows.SumsPitch, reset = update + n;
            GateMath<TLanes>.Clip(update, 2 * n, _gateClip);
            _f.Apply(update, update, 2 * n);
            GateMath<TLanes>.Multiply(reset, reset, rows.Hidden + (long)row * n, n);
        }

        rows.Take(2 * n, n); // The first product may have written there.
        _candidate.Add(rows.Sums + n, rows.SumsPitch, rows.Sums + 2 * n, rows.SumsPitch, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            float* update = rows.Sums + row * rows.SumsPitch, candidate = update + 2 * n;
            GateMath<TLanes>.Clip(candidate, n, _candidateClip);
            _g.Apply(candidate, candidate, n);
            GateMath<TLanes>.Mix(rows.Hidden + (long)row * n, update, candidate, n);
        }
    }

    public override void Dispose()
    {
        _gates.Dispose();
        _candidate.Dispose();
    }
}
