using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Operators.Recurrent;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>
/// i = f(·), forget = f(·) or 1 - i, c = g(·), C = forget ⊙ C + i ⊙ c, o = f(·), H = o ⊙ h(C); the gates lie in ONNX's order i, o, forget, c.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
internal sealed unsafe class LstmFp32<TLanes> : CellFp32 where TLanes : struct, IFloatLanes<TLanes>
{
    private readonly IStateProduct _product;
    private readonly GateRow _f, _g, _h;
    private readonly int _hidden;
    private readonly bool _isCoupled;
    private readonly double _gateClip, _candidateClip;
    private readonly NativeBlock<float> _peepholes; // i, o, forget; nothing without them

    /// <param name="product">Of all four gates.</param>
    /// <param name="functions">f, g, h.</param>
    /// <param name="hidden">Numbers of the state.</param>
    /// <param name="isCoupled">Whether the forget gate is 1 - i.</param>
    /// <param name="peepholes">[3 · hidden], or empty.</param>
    public LstmFp32(IStateProduct product, ReadOnlySpan<GateFunction> functions, int hidden, bool isCoupled, ReadOnlySpan<float> peepholes)
    {
        (_product, _hidden, _isCoupled) = (product, hidden, isCoupled);
        (_f, _g, _h) = (GateRow.Of<TLanes>(functions[0]), GateRow.Of<TLanes>(functions[1]), GateRow.Of<TLanes>(functions[2]));
        (_gateClip, _candidateClip) = (functions[0].Clip, functions[1].Clip);
        _peepholes = new NativeBlock<float>(peepholes.Length);
        peepholes.CopyTo(new Span<float>(_peepholes.Data, peepholes.Length));
    }

    public override long Bytes => _product.Bytes + _peepholes.Bytes;

    public override void Step(in StepRows rows)
    {
        rows.Take(0, 4 * _hidden);
        _product.Add(rows.Hidden, _hidden, rows.Sums, rows.SumsPitch, rows.Count);
        for (int row = 0; row < rows.Count; row++)
            Row(rows.Sums + row * rows.SumsPitch, rows.Hidden + (long)row * _hidden, rows.Cell + (long)row * _hidden);
        GC.KeepAlive(this);
    }

    public override void Dispose()
    {
        _product.Dispose();
        _peepholes.Dispose();
    }

    private void Row(float* input, float* state, float* cell)
    {
        int n = _hidden;
        float* output = input + n, forget = output + n, candidate = forget + n;
        bool looks = _peepholes.Count > 0;
        if (looks)
        {
            GateMath<TLanes>.AddProduct(input, _peepholes.Data, cell, n);
            GateMath<TLanes>.AddProduct(forget, _peepholes.Data + 2 * n, cell, n);
            Gates(input, n);
            Gates(forget, n);
        }
        else
        {
            Gates(input, 3 * n);
        }

        if (_isCoupled) GateMath<TLanes>.Complement(forget, input, n);
        GateMath<TLanes>.Clip(candidate, n, _candidateClip);
        _g.Apply(candidate, candidate, n);
        GateMath<TLanes>.Multiply(input, input, candidate, n);
        GateMath<TLanes>.MultiplyAdd(cell, forget, input, n);
        if (looks)
        {
            GateMath<TLanes>.AddProduct(output, _peepholes.Data + n, cell, n);
            Gates(output, n);
        }

        _h.Apply(cell, candidate, n);
        GateMath<TLanes>.Multiply(state, output, candidate, n);
    }

    private void Gates(float* sums, int count)
    {
        GateMath<TLanes>.Clip(sums, count, _gateClip);
        _f.Apply(sums, sums, count);
    }
}
