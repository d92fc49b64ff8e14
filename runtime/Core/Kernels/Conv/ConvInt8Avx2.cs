using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Kernels.Epilogues;
using ResNetEdge.Kernels.Packing;

namespace ResNetEdge.Kernels.Conv;

/// <summary>
/// Convolution, u8 × s8 → s32, exact, 4 pixels × 16 channels. <c>vpmaddubsw</c> would saturate at 16 bits, so activation bytes are split
/// into even and odd ones (and 0x00FF, shift right 8) and <c>vpmaddwd</c> sums pairs of 16-bit products in 32 bits.
/// </summary>
/// <remarks>Measured 79-84 GMAC/s on a Zen 4 core, about a third of AVX-512 VNNI there.</remarks>
internal sealed unsafe class ConvInt8Avx2 : PreparedKernel
{
    private const int TileRows = 4, PanelWidth = 16;
    private readonly ConvInt8Problem _problem;
    private readonly ResidualInt8 _shortcut; // Made here, because a run allocates nothing.
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<short> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly int _steps;
    private readonly bool _weightsDominate;

    public ConvInt8Avx2(ConvInt8Problem problem)
    {
        _problem = problem;
        _shortcut = problem.Residual ?? new ResidualInt8(default, 0, 0);
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1);
        _panels = ConvPanel.Cut(_layout, PanelWidth);
        _indirection = new Indirection(_layout);
        _weights = PackInt8Pairs.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _steps = (_layout.TapLength + 3) / 4;
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvInt8Avx2);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    public override void Run(byte* arena, int part, int parts)
    {
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, TileRows, _weightsDominate, part, parts);
        if (_problem.Residual is null)
        {
            if (_problem.FloatOutput)
                Panels<NoShortcutInt8, StoreFp32>(arena, split);
            else
                Panels<NoShortcutInt8, StoreUInt8>(arena, split);
        }
        else if (_problem.FloatOutput)
        {
            Panels<AddShortcutInt8, StoreFp32>(arena, split);
        }
        else
        {
            Panels<AddShortcutInt8, StoreUInt8>(arena, split);
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }

    /// <summary>Panels outermost: a panel's weights stay in the cache while every pixel passes.</summary>
    private void Panels<TShortcut, TStore>(byte* arena, ConvSplit split)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        var p = _problem;
        var shortcut = _shortcut;
        var tile = new ConvInt8Tile
        {
            TapPitch = _indirection.Pixels,
            Taps = _layout.Taps,
            Steps = _steps,
            OutputStride = p.Output.PixelStride,
            ResidualStride = shortcut.Placement.PixelStride,
            OutputZeroPoint = p.OutputZeroPoint,
            Low = p.Low,
            High = p.High,
            FloatLow = p.FloatLow,
            FloatHigh = p.FloatHigh,
            ResidualZeroPoint = shortcut.ZeroPoint,
            ResidualScale = shortcut.Scale,
        };
        for (int i = split.PanelStart; i < split.PanelEnd; i++)
        {
            var panel = _panels[i];
            tile.Input = arena + panel.Group * _layout.GroupInputChannels;
            tile.Count = panel.Count;
            tile.Bias = _bias.Data + panel.Lane;
            tile.Multiplier = _multiplier.Data + panel.Lane;
            short* weights = _weights.Data + (long)panel.Lane * _layout.Taps * _steps * PackInt8Pairs.StepElements;
            byte* output = arena + p.Output.Offset + panel.First * (p.FloatOutput ? 4 : 1);
            byte* residual = arena + shortcut.Placement.Offset + panel.First;
            for (int pixel = split.PixelStart; pixel < split.PixelEnd; pixel += TileRows)
            {
                tile.Rows = Math.Min(TileRows, split.PixelEnd - pixel);
                tile.Offsets = _indirection.Offsets + pixel;
                tile.Output = output + pixel * tile.OutputStride;
                tile.Residual = residual + pixel * tile.ResidualStride;
                Tile<TShortcut, TStore>(in tile, weights);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile<TShortcut, TStore>(in ConvInt8Tile t, short* w)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        // Accumulators are named locals: arrays of vectors spill, three times slower.
        Vector256<int> c00 = Vector256.Load(t.Bias), c01 = Vector256.Load(t.Bias + 8);
        Vector256<int> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
        var even = Vector256.Create(0x00FF00FF);
        int rows = t.Rows;
        uint* offsets = t.Offsets;
        for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
        {
            byte* x0 = t.Input + offsets[0], x1 = rows > 1 ? t.Input + offsets[1] : x0;
            byte* x2 = rows > 2 ? t.Input + offsets[2] : x0, x3 = rows > 3 ? t.Input + offsets[3] : x0;
            for (byte* end = x0 + t.Steps * 4; x0 < end; x0 += 4, x1 += 4, x2 += 4, x3 += 4, w += 64)
            {
                Vector256<short> e0 = Vector256.Load(w), e1 = Vector256.Load(w + 16), o0 = Vector256.Load(w + 32), o1 = Vector256.Load(w + 48);
                Step(*(int*)x0, even, e0, e1, o0, o1, ref c00, ref c01);
                Step(*(int*)x1, even, e0, e1, o0, o1, ref c10, ref c11);
                Step(*(int*)x2, even, e0, e1, o0, o1, ref c20, ref c21);
                Step(*(int*)x3, even, e0, e1, o0, o1, ref c30, ref c31);
            }
        }

        Finish<TShortcut, TStore>(in t, 0, c00, c01);
        if (rows > 1)
            Finish<TShortcut, TStore>(in t, 1, c10, c11);
        if (rows > 2)
            Finish<TShortcut, TStore>(in t, 2, c20, c21);
        if (rows > 3)
            Finish<TShortcut, TStore>(in t, 3, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        int four, Vector256<int> even, Vector256<short> e0, Vector256<short> e1, Vector256<short> o0, Vector256<short> o1, ref Vector256<int> c0, ref Vector256<int> c1)
    {
        var x = Vector256.Create(four);
        var xe = (x & even).AsInt16();
        var xo = Avx2.ShiftRightLogical(x.AsInt16(), 8);
        c0 = Avx2.Add(c0, Avx2.MultiplyAddAdjacent(xe, e0));
        c1 = Avx2.Add(c1, Avx2.MultiplyAddAdjacent(xe, e1));
        c0 = Avx2.Add(c0, Avx2.MultiplyAddAdjacent(xo, o0));
        c1 = Avx2.Add(c1, Avx2.MultiplyAddAdjacent(xo, o1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TShortcut, TStore>(in ConvInt8Tile t, int row, Vector256<int> c0, Vector256<int> c1)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        byte* residual = t.Residual + row * t.ResidualStride;
        Vector256<int> zero = Vector256.Create(t.ResidualZeroPoint);
        Vector256<float> scale = Vector256.Create(t.ResidualScale);
        var f0 = TShortcut.Add(Avx.ConvertToVector256Single(c0) * Vector256.Load(t.Multiplier), residual, zero, scale);
        var f1 = TShortcut.Add(Avx.ConvertToVector256Single(c1) * Vector256.Load(t.Multiplier + 8), residual + 8, zero, scale);
        TStore.Store(f0, f1, t.Output + row * t.OutputStride, in t);
    }
}
