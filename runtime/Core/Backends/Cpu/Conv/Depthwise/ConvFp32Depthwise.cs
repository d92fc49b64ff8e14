using System.Runtime.CompilerServices;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution in float32, tiles of four pixels of a row and two registers of channels: eight sums that do not depend on each other. The bias,
/// then one FMA a tap, without those above and below the picture; the same error bound as all.
/// </summary>
/// <remarks>
/// A tap's weights serve four pixels, and each input is the operand of an FMA in memory. Where the weights of all channels fit the first cache, a tile
/// does all channels of its pixels, which lie side by side; else some rows of pixels are done panel by panel.
/// </remarks>
internal sealed unsafe class ConvFp32Depthwise<TLanes> : PreparedKernel where TLanes : struct, IFloatLanes<TLanes>
{
    private const int TilePixels = 4, CachedBytes = 16 << 10, ChunkPixels = 256, MostRows = 64;
    private readonly ConvFp32Problem _problem;
    private readonly DepthwiseWalk _walk;
    private readonly ConvPanel[] _panels;
    private readonly NativeBlock<float> _weights; // [panel][tap][Width]
    private readonly NativeBlock<float> _bias;
    private readonly bool _clamps;

    public ConvFp32Depthwise(string name, ConvFp32Problem problem)
    {
        (Name, _problem) = (name, problem);
        _walk = new DepthwiseWalk(problem, TilePixels);
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, Width);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weights = PackDepthwise.Pack(problem.Weights.Span, problem.Shape, _panels);
        _clamps = problem.Low > float.NegativeInfinity || problem.High < float.PositiveInfinity;
    }

    public override string Name { get; }

    public override long PackedBytes => _weights.Bytes + _bias.Bytes;

    /// <summary>Channels of a tile.</summary>
    private static int Width => 2 * TLanes.Count;

    public override void Run(byte* arena, int part, int parts)
    {
        float* rest = stackalloc float[TilePixels * Width];
        bool byPixels = _weights.Bytes <= CachedBytes;
        int width = _walk.OutputWidth, most = byPixels ? 1 : Math.Clamp(ChunkPixels / width, 1, MostRows);
        var rows = stackalloc DepthwiseRow[most];
        var (start, end) = KernelPart.Range(_walk.Lines, part, parts);
        for (int line = start, count; line < end; line += count)
        {
            count = Math.Min(most, end - line);
            for (int i = 0; i < count; i++) rows[i] = _walk.Row(arena, line + i);
            for (int x = 0; x < width && byPixels; x += TilePixels)
                foreach (ref readonly var panel in _panels.AsSpan()) Tile(in rows[0], in panel, x, rest);
            if (byPixels) continue;
            foreach (ref readonly var panel in _panels.AsSpan())
                for (int i = 0; i < count; i++)
                    for (int x = 0; x < width; x += TilePixels) Tile(in rows[i], in panel, x, rest);
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _weights.Dispose();
        _bias.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tile(in DepthwiseRow row, in ConvPanel panel, int x, float* rest)
    {
        int count = Math.Min(TilePixels, _walk.OutputWidth - x), channels = panel.First * sizeof(float);
        byte* output = row.Output + x * _walk.OutputStride + channels;
        if (count == TilePixels && panel.Count == Width)
        {
            Run(in row, in panel, x, count, output, _walk.OutputStride);
            return;
        }

        Run(in row, in panel, x, count, (byte*)rest, Width * sizeof(float));
        for (int i = 0; i < count; i++)
            Unsafe.CopyBlockUnaligned(output + i * _walk.OutputStride, rest + i * Width, (uint)panel.Count * sizeof(float));
    }

    /// <summary>Four pixels, of which <paramref name="count"/> exist. Reads past the last channel (<see cref="Placement.ReadSlack"/>).</summary>
    private void Run(in DepthwiseRow row, in ConvPanel panel, int x, int count, byte* output, long stride)
    {
        ref readonly var walk = ref _walk;
        int channels = panel.First * sizeof(float), columns = walk.KernelWidth, at = x * walk.StrideWidth - walk.PadLeft;
        float* bias = _bias.Data + panel.Lane, w = _weights.Data + (long)panel.Lane * walk.Taps + row.FirstTap * Width;
        byte* line = row.Input + channels;
        TLanes a0 = TLanes.Load(bias), b0 = TLanes.Load(bias + TLanes.Count), a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
        if (x >= walk.InnerStart && x < walk.InnerEnd)
        {
            long next = walk.NextPixel, step = walk.NextTap;
            line += (long)at * walk.InputStride;
            for (int taps = row.Taps; taps > 0; taps--, line += walk.NextRow)
            {
                byte* from = line;
                for (int column = columns; column > 0; column--, from += step, w += 2 * TLanes.Count)
                {
                    TLanes left = TLanes.Load(w), right = TLanes.Load(w + TLanes.Count);
                    a0 = Sum(from, left, a0);
                    b0 = Sum(from + TLanes.Count * sizeof(float), right, b0);
                    a1 = Sum(from + next, left, a1);
                    b1 = Sum(from + next + TLanes.Count * sizeof(float), right, b1);
                    a2 = Sum(from + 2 * next, left, a2);
                    b2 = Sum(from + 2 * next + TLanes.Count * sizeof(float), right, b2);
                    a3 = Sum(from + 3 * next, left, a3);
                    b3 = Sum(from + 3 * next + TLanes.Count * sizeof(float), right, b3);
                }
            }
        }
        else
        {
            int width = walk.InputWidth, stride1 = walk.StrideWidth, dilation = walk.DilationWidth;
            long pixel = walk.InputStride;
            byte* zeros = row.Zeros;
            for (int taps = row.Taps; taps > 0; taps--, line += walk.NextRow)
            {
                int one = at;
                for (int column = columns; column > 0; column--, one += dilation, w += 2 * TLanes.Count)
                {
                    TLanes left = TLanes.Load(w), right = TLanes.Load(w + TLanes.Count);
                    int two = one + stride1, three = two + stride1, four = three + stride1;
                    byte* from = (uint)one < (uint)width ? line + one * pixel : zeros;
                    a0 = Sum(from, left, a0);
                    b0 = Sum(from + TLanes.Count * sizeof(float), right, b0);
                    from = (uint)two < (uint)width ? line + two * pixel : zeros;
                    a1 = Sum(from, left, a1);
                    b1 = Sum(from + TLanes.Count * sizeof(float), right, b1);
                    from = (uint)three < (uint)width ? line + three * pixel : zeros;
                    a2 = Sum(from, left, a2);
                    b2 = Sum(from + TLanes.Count * sizeof(float), right, b2);
                    from = (uint)four < (uint)width ? line + four * pixel : zeros;
                    a3 = Sum(from, left, a3);
                    b3 = Sum(from + TLanes.Count * sizeof(float), right, b3);
                }
            }
        }

        if (row.Residual != null)
        {
            byte* residual = row.Residual + x * walk.ResidualStride + channels;
            Add(residual, ref a0, ref b0);
            Add(residual + Math.Min(1, count - 1) * walk.ResidualStride, ref a1, ref b1);
            Add(residual + Math.Min(2, count - 1) * walk.ResidualStride, ref a2, ref b2);
            Add(residual + (count - 1) * walk.ResidualStride, ref a3, ref b3);
        }

        if (_clamps)
        {
            TLanes low = TLanes.Of(_problem.Low), high = TLanes.Of(_problem.High);
            (a0, b0, a1, b1) = (TLanes.Clamp(a0, low, high), TLanes.Clamp(b0, low, high), TLanes.Clamp(a1, low, high), TLanes.Clamp(b1, low, high));
            (a2, b2, a3, b3) = (TLanes.Clamp(a2, low, high), TLanes.Clamp(b2, low, high), TLanes.Clamp(a3, low, high), TLanes.Clamp(b3, low, high));
        }

        Store(output, a0, b0);
        Store(output + stride, a1, b1);
        Store(output + 2 * stride, a2, b2);
        Store(output + 3 * stride, a3, b3);
    }

    // The weights first: the input is then an operand in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Sum(byte* x, TLanes weights, TLanes sum) => TLanes.FusedMultiplyAdd(weights, TLanes.Load((float*)x), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* residual, ref TLanes a, ref TLanes b)
    {
        a += TLanes.Load((float*)residual);
        b += TLanes.Load((float*)residual + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* output, TLanes a, TLanes b)
    {
        a.Store((float*)output);
        b.Store((float*)output + TLanes.Count);
    }
}
