using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>
/// A GRU whose reset gate scales the product, as frameworks train it: z = f(·), r = f(·), h = g(X·Whᵀ + b + r ⊙ (H·Rhᵀ + Rb)),
/// H = (1 - z) ⊙ h + z ⊙ H. One product gives all three gates.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class GruProductFp32<TLanes> : CellFp32 where TLanes : struct, IFloatLanes<TLanes>
{
    private readonly IStateProduct _product;
    private readonly GateRow _f, _g;
    private readonly int _hidden;
    private readonly double _gateClip, _candidateClip;
    private readonly NativeBlock<float> _bias;

    /// <param name="product">Of all three gates.</param>
    /// <param name="functions">f, g.</param>
    /// <param name="hidden">Numbers of the state.</param>
    /// <param name="bias">Rb of the candidate, or empty.</param>
    public GruProductFp32(IStateProduct product, ReadOnlySpan<GateFunction> functions, int hidden, ReadOnlySpan<float> bias)
    {
        (_product, _hidden) = (product, hidden);
        (_f, _g) = (GateRow.Of<TLanes>(functions[0]), GateRow.Of<TLanes>(functions[1]));
        (_gateClip, _candidateClip) = (functions[0].Clip, functions[1].Clip);
        _bias = new NativeBlock<float>(hidden);
        bias.CopyTo(new Span<float>(_bias.Data, hidden));
    }

    public override long Bytes => _product.Bytes + _bias.Bytes;

    public override void Step(in StepRows rows)
    {
        int n = _hidden;
        rows.Take(0, 2 * n);
        for (int row = 0; row < rows.Count; row++)
            new ReadOnlySpan<float>(_bias.Data, n).CopyTo(new Span<float>(rows.Sums + row * rows.SumsPitch + 2 * n, n));
        _product.Add(rows.Hidden, n, rows.Sums, rows.SumsPitch, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            float* update = rows.Sums + row * rows.SumsPitch, reset = update + n, candidate = reset + n;
            GateMath<TLanes>.Clip(update, 2 * n, _gateClip);
            _f.Apply(update, update, 2 * n);
            GateMath<TLanes>.MultiplyAdd(candidate, reset, rows.Given + row * rows.GivenPitch + 2 * n, n);
            GateMath<TLanes>.Clip(candidate, n, _candidateClip);
            _g.Apply(candidate, candidate, n);
            GateMath<TLanes>.Mix(rows.Hidden + (long)row * n, update, candidate, n);
        }

        GC.KeepAlive(this);
    }

    public override void Dispose()
    {
        _product.Dispose();
        _bias.Dispose();
    }
}
