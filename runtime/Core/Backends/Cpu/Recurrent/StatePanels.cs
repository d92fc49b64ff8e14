using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>
/// State weights in panels of eight registers, [panel][hidden][width], the last one as narrow as pairs of registers allow. One state is multiplied
/// by a whole panel, so that weights are read in one stream; four states share the weights of two registers.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes; one lane is the reference.</typeparam>
internal sealed unsafe class StatePanels<TLanes> : IStateProduct where TLanes : struct, IFloatLanes<TLanes>
{
    private const int Registers = 8, Rows = 4;
    private readonly NativeBlock<float> _weights;
    private readonly int _columns, _hidden; // columns: with those that fill the last pair of registers

    /// <param name="weights">[column][hidden].</param>
    /// <param name="hidden">Numbers of a state.</param>
    public StatePanels(ReadOnlySpan<float> weights, int hidden)
    {
        int columns = weights.Length / hidden, pair = 2 * TLanes.Count;
        (_hidden, _columns) = (hidden, (columns + pair - 1) / pair * pair);
        _weights = new NativeBlock<float>((long)_columns * hidden);
        for (int column = 0; column < columns; column++)
        {
            int first = column / PanelWidth * PanelWidth, width = WidthAt(first);
            float* to = _weights.Data + (long)first * hidden + (column - first);
            for (int k = 0; k < hidden; k++) to[(long)k * width] = weights[column * hidden + k];
        }
    }

    private static int PanelWidth => Registers * TLanes.Count;

    public long Bytes => _weights.Bytes;

    public void Add(float* state, long statePitch, float* sums, long sumsPitch, int rows)
    {
        for (int first = 0; first < _columns; first += PanelWidth)
        {
            float* weights = _weights.Data + (long)first * _hidden;
            int width = WidthAt(first), row = 0;
            for (; row <= rows - Rows; row += Rows)
                for (int column = 0; column < width; column += 2 * TLanes.Count)
                    FourByTwo(state + row * statePitch, statePitch, weights + column, width, sums + row * sumsPitch + first + column, sumsPitch);
            for (; row < rows; row++)
            {
                float* x = state + row * statePitch, y = sums + row * sumsPitch + first;
                if (width == PanelWidth) OneByEight(x, weights, y);
                else for (int column = 0; column < width; column += 2 * TLanes.Count) OneByTwo(x, weights + column, width, y + column);
            }
        }

        GC.KeepAlive(this);
    }

    public void Dispose() => _weights.Dispose();

    private int WidthAt(int first) => Math.Min(PanelWidth, _columns - first);

    private void OneByEight(float* x, float* w, float* y)
    {
        int n = TLanes.Count;
        TLanes y0 = TLanes.Load(y), y1 = TLanes.Load(y + n), y2 = TLanes.Load(y + 2 * n), y3 = TLanes.Load(y + 3 * n);
        TLanes y4 = TLanes.Load(y + 4 * n), y5 = TLanes.Load(y + 5 * n), y6 = TLanes.Load(y + 6 * n), y7 = TLanes.Load(y + 7 * n);
        for (int k = 0; k < _hidden; k++, w += Registers * n)
        {
            TLanes h = TLanes.Broadcast(x + k);
            y0 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w), y0);
            y1 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + n), y1);
            y2 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + 2 * n), y2);
            y3 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + 3 * n), y3);
            y4 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + 4 * n), y4);
            y5 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + 5 * n), y5);
            y6 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + 6 * n), y6);
            y7 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + 7 * n), y7);
        }

        y0.Store(y);
        y1.Store(y + n);
        y2.Store(y + 2 * n);
        y3.Store(y + 3 * n);
        y4.Store(y + 4 * n);
        y5.Store(y + 5 * n);
        y6.Store(y + 6 * n);
        y7.Store(y + 7 * n);
    }

    private void OneByTwo(float* x, float* w, int width, float* y)
    {
        int n = TLanes.Count;
        TLanes y0 = TLanes.Load(y), y1 = TLanes.Load(y + n);
        for (int k = 0; k < _hidden; k++, w += width)
        {
            TLanes h = TLanes.Broadcast(x + k);
            y0 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w), y0);
            y1 = TLanes.FusedMultiplyAdd(h, TLanes.Load(w + n), y1);
        }

        y0.Store(y);
        y1.Store(y + n);
    }

    private void FourByTwo(float* x, long xPitch, float* w, int width, float* y, long yPitch)
    {
        int n = TLanes.Count;
        float* ya = y, yb = y + yPitch, yc = y + 2 * yPitch, yd = y + 3 * yPitch;
        TLanes a0 = TLanes.Load(ya), a1 = TLanes.Load(ya + n), b0 = TLanes.Load(yb), b1 = TLanes.Load(yb + n);
        TLanes c0 = TLanes.Load(yc), c1 = TLanes.Load(yc + n), d0 = TLanes.Load(yd), d1 = TLanes.Load(yd + n);
        for (int k = 0; k < _hidden; k++, x++, w += width)
        {
            TLanes left = TLanes.Load(w), right = TLanes.Load(w + n), h = TLanes.Broadcast(x);
            a0 = TLanes.FusedMultiplyAdd(h, left, a0);
            a1 = TLanes.FusedMultiplyAdd(h, right, a1);
            h = TLanes.Broadcast(x + xPitch);
            b0 = TLanes.FusedMultiplyAdd(h, left, b0);
            b1 = TLanes.FusedMultiplyAdd(h, right, b1);
            h = TLanes.Broadcast(x + 2 * xPitch);
            c0 = TLanes.FusedMultiplyAdd(h, left, c0);
            c1 = TLanes.FusedMultiplyAdd(h, right, c1);
            h = TLanes.Broadcast(x + 3 * xPitch);
            d0 = TLanes.FusedMultiplyAdd(h, left, d0);
            d1 = TLanes.FusedMultiplyAdd(h, right, d1);
        }

        a0.Store(ya);
        a1.Store(ya + n);
        b0.Store(yb);
        b1.Store(yb + n);
        c0.Store(yc);
        c1.Store(yc + n);
        d0.Store(yd);
        d1.Store(yd + n);
    }
}
