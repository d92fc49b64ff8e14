using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>What one direction of a recurrent layer does in a time step, with its packed weights.</summary>
internal abstract unsafe class CellFp32 : IDisposable
{
    /// <summary>Packs the weights of some gates, [column][hidden].</summary>
    /// <param name="weights">Rows of R.</param>
    /// <param name="hidden">Numbers of a state.</param>
    public delegate IStateProduct Pack(ReadOnlySpan<float> weights, int hidden);

    /// <summary>Bytes of packed weights.</summary>
    public abstract long Bytes { get; }

    /// <summary>From the states before the step to those behind it.</summary>
    public abstract void Step(in StepRows rows);

    /// <summary>Frees the packed weights.</summary>
    public abstract void Dispose();

    /// <summary>The cell of a direction.</summary>
    public static CellFp32 Of<TLanes>(RecurrentFp32Problem problem, int direction, Pack pack) where TLanes : struct, IFloatLanes<TLanes>
    {
        int hidden = problem.Shape.Hidden, weights = problem.Gates * hidden * hidden, functions = problem.FunctionsPerDirection;
        var mine = problem.StateWeights.Span.Slice(direction * weights, weights);
        ReadOnlySpan<GateFunction> gates = problem.Functions.AsSpan(direction * functions, functions);
        return problem.Cell switch
        {
            RecurrentCell.Lstm => new LstmFp32<TLanes>(
                pack(mine, hidden), gates, hidden, problem.CouplesGates, Of(problem.Peepholes, direction, 3 * hidden)),
            RecurrentCell.Gru when problem.ResetsProduct =>
                new GruProductFp32<TLanes>(pack(mine, hidden), gates, hidden, Of(problem.CandidateBias, direction, hidden)),
            RecurrentCell.Gru => new GruStateFp32<TLanes>(
                pack(mine[..(2 * hidden * hidden)], hidden), pack(mine[(2 * hidden * hidden)..], hidden), gates, hidden),
            _ => new RnnFp32<TLanes>(pack(mine, hidden), gates[0], hidden),
        };
    }

    private static ReadOnlySpan<float> Of(float[]? constants, int direction, int count) =>
        constants is null ? [] : constants.AsSpan(direction * count, count);
}
