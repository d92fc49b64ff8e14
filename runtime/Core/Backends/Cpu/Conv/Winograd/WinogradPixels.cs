using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Finishes the outputs of one tile and panel by vectors of channels: bias, residual, clamp, and the store of pixels that exist.</summary>
/// <typeparam name="TLanes">Channels of a vector.</typeparam>
internal unsafe struct WinogradPixels<TLanes> where TLanes : struct, IFloatLanes<TLanes>
{
    /// <summary>Pixels of a row at most.</summary>
    public const int Most = 4;

    private readonly TLanes _low, _high;
    private readonly bool _hasLow, _hasHigh;
    private readonly int _width;
    private readonly long _residualRow, _residual1, _residual2, _residual3;
    private TLanes _bias;
    private byte* _output, _residual;
    private long _pixel, _row;

    /// <param name="e">Where the tile's outputs go, and what happens to them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WinogradPixels(in WinogradEpilogue e)
    {
        (_low, _high) = (TLanes.Of(e.Low), TLanes.Of(e.High));
        (_hasLow, _hasHigh) = (e.Low > float.NegativeInfinity, e.High < float.PositiveInfinity);
        (_width, _pixel, _row, _residualRow) = (e.Width, e.PixelStride, e.RowStride, e.ResidualRowStride);
        _residual1 = Math.Min(1, _width - 1) * e.ResidualPixelStride;
        _residual2 = Math.Min(2, _width - 1) * e.ResidualPixelStride;
        _residual3 = (_width - 1) * e.ResidualPixelStride;
    }

    /// <summary>Goes to another vector of channels.</summary>
    /// <param name="e">That of the constructor.</param>
    /// <param name="lane">First channel of the vector.</param>
    /// <param name="rest">[4][4][Count], which receives the outputs of a vector that is not full; see <see cref="Copy"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(in WinogradEpilogue e, int lane, float* rest)
    {
        _bias = TLanes.Load(e.Bias + lane);
        // May read past the last channel (ReadSlack), but no pixel that does not exist.
        _residual = e.Residual == null ? null : e.Residual + lane * sizeof(float);
        _output = e.Output + lane * sizeof(float);
        if (e.Count - lane >= TLanes.Count)
            return;
        _output = (byte*)rest;
        (_pixel, _row) = (TLanes.Count * sizeof(float), Most * TLanes.Count * sizeof(float));
    }

    /// <summary>Finishes and writes the pixels of row <paramref name="y"/> that lie in the picture, at most two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int y, TLanes x0, TLanes x1)
    {
        (x0, x1) = (x0 + _bias, x1 + _bias);
        if (_residual != null)
        {
            byte* residual = _residual + y * _residualRow;
            x0 += TLanes.Load((float*)residual);
            x1 += TLanes.Load((float*)(residual + _residual1));
        }

        // A NaN stays, and so does the sign of a zero.
        if (_hasLow)
            (x0, x1) = (TLanes.IfLess(x0, _low, _low, x0), TLanes.IfLess(x1, _low, _low, x1));
        if (_hasHigh)
            (x0, x1) = (TLanes.IfLess(_high, x0, _high, x0), TLanes.IfLess(_high, x1, _high, x1));
        byte* output = _output + y * _row;
        x0.Store((float*)output);
        if (_width > 1)
            x1.Store((float*)(output + _pixel));
    }

    /// <summary>The same of at most four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int y, TLanes x0, TLanes x1, TLanes x2, TLanes x3)
    {
        (x0, x1, x2, x3) = (x0 + _bias, x1 + _bias, x2 + _bias, x3 + _bias);
        if (_residual != null)
        {
            byte* residual = _residual + y * _residualRow;
            x0 += TLanes.Load((float*)residual);
            x1 += TLanes.Load((float*)(residual + _residual1));
            x2 += TLanes.Load((float*)(residual + _residual2));
            x3 += TLanes.Load((float*)(residual + _residual3));
        }

        if (_hasLow)
        {
            (x0, x1) = (TLanes.IfLess(x0, _low, _low, x0), TLanes.IfLess(x1, _low, _low, x1));
            (x2, x3) = (TLanes.IfLess(x2, _low, _low, x2), TLanes.IfLess(x3, _low, _low, x3));
        }

        if (_hasHigh)
        {
            (x0, x1) = (TLanes.IfLess(_high, x0, _high, x0), TLanes.IfLess(_high, x1, _high, x1));
            (x2, x3) = (TLanes.IfLess(_high, x2, _high, x2), TLanes.IfLess(_high, x3, _high, x3));
        }

        byte* output = _output + y * _row;
        x0.Store((float*)output);
        if (_width > 1)
            x1.Store((float*)(output + _pixel));
        if (_width > 2)
            x2.Store((float*)(output + 2 * _pixel));
        if (_width > 3)
            x3.Store((float*)(output + 3 * _pixel));
    }

    /// <summary>Writes the channels of the last vector, where it is not full, from where it was stored.</summary>
    public static void Copy(in WinogradEpilogue e, float* rest)
    {
        int count = e.Count % TLanes.Count, lane = e.Count - count;
        if (count == 0)
            return;
        for (int y = 0; y < e.Height; y++)
        {
            for (int x = 0; x < e.Width; x++)
            {
                float* output = (float*)(e.Output + y * e.RowStride + x * e.PixelStride) + lane, from = rest + (y * Most + x) * TLanes.Count;
                for (int i = 0; i < count; i++)
                    output[i] = from[i];
            }
        }
    }
}
