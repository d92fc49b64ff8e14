using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>H = f(X·Wᵀ + H·Rᵀ + b).</summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class RnnFp32<TLanes>(IStateProduct product, GateFunction function, int hidden) : CellFp32
    where TLanes : struct, IFloatLanes<TLanes>
{
    private readonly GateRow _f = GateRow.Of<TLanes>(function);

    public override long Bytes => product.Bytes;

    public override void Step(in StepRows rows)
    {
        rows.Take(0, hidden);
        product.Add(rows.Hidden, hidden, rows.Sums, rows.SumsPitch, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            float* sums = rows.Sums + row * rows.SumsPitch;
            GateMath<TLanes>.Clip(sums, hidden, function.Clip);
            _f.Apply(sums, rows.Hidden + (long)row * hidden, hidden);
        }
    }

    public override void Dispose() => product.Dispose();
}
