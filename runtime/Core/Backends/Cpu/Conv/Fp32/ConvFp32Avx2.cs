using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Convolution in float32 by FMA, 6 pixels × 16 channels. Starts from the bias, then one FMA for each product in the order tap, channel;
/// error bound: <see cref="ConvFp32Reference.ErrorBound"/>.
/// </summary>
internal sealed unsafe class ConvFp32Avx2 : PreparedKernel
{
    /// <summary>Pixels and channels of a tile.</summary>
    public const int TileRows = 6, PanelWidth = 16;

    private readonly ConvFp32Problem _problem;
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<float> _weights;
    private readonly NativeBlock<float> _bias;
    private readonly bool _weightsDominate;

    public ConvFp32Avx2(ConvFp32Problem problem)
    {
        _problem = problem;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float));
        _panels = ConvPanel.Cut(_layout, PanelWidth);
        _indirection = new Indirection(_layout);
        _weights = PackFp32.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvFp32Avx2);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

    public override void Run(byte* arena, int part, int parts)
    {
        var p = _problem;
        var split = ConvSplit.Of(p.Shape.Pixels, _panels.Length, TileRows, _weightsDominate, part, parts);
        var residual = p.Residual ?? default;
        var tile = new ConvFp32Tile
        {
            TapPitch = _indirection.Pixels,
            Taps = _layout.Taps,
            TapLength = _layout.TapLength,
            OutputStride = p.Output.PixelStride,
            ResidualStride = residual.PixelStride,
            Low = p.Low,
            High = p.High,
        };
        for (int i = split.PanelStart; i < split.PanelEnd; i++)
        {
            var panel = _panels[i];
            tile.Input = arena + (long)panel.Group * _layout.GroupInputChannels * sizeof(float);
            tile.Count = panel.Count;
            tile.Bias = _bias.Data + panel.Lane;
            float* weights = _weights.Data + (long)panel.Lane * _layout.Taps * _layout.TapLength;
            for (int pixel = split.PixelStart; pixel < split.PixelEnd; pixel += TileRows)
            {
                tile.Rows = Math.Min(TileRows, split.PixelEnd - pixel);
                tile.Offsets = _indirection.Offsets + pixel;
                tile.Output = arena + p.Output.Offset + pixel * tile.OutputStride + panel.First * sizeof(float);
                tile.Residual = p.Residual is null ? null : arena + residual.Offset + pixel * tile.ResidualStride + panel.First * sizeof(float);
                Tile(in tile, weights);
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
    }

    /// <summary>Up to 6 pixels × 16 channels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Tile(in ConvFp32Tile t, float* w)
    {
        // Accumulators are named locals: arrays of vectors spill, three times slower.
        Vector256<float> c00 = Vector256.Load(t.Bias), c01 = Vector256.Load(t.Bias + 8);
        Vector256<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01, c40 = c00, c41 = c01, c50 = c00, c51 = c01;
        uint* offsets = t.Offsets;
        int rows = t.Rows;
        for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
        {
            float* x0 = (float*)(t.Input + offsets[0]), x1 = rows > 1 ? (float*)(t.Input + offsets[1]) : x0;
            float* x2 = rows > 2 ? (float*)(t.Input + offsets[2]) : x0, x3 = rows > 3 ? (float*)(t.Input + offsets[3]) : x0;
            float* x4 = rows > 4 ? (float*)(t.Input + offsets[4]) : x0, x5 = rows > 5 ? (float*)(t.Input + offsets[5]) : x0;
            for (nint k = 0; k < t.TapLength; k++, w += 16)
            {
                Vector256<float> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 8);
                Step(x0[k], w0, w1, ref c00, ref c01);
                Step(x1[k], w0, w1, ref c10, ref c11);
                Step(x2[k], w0, w1, ref c20, ref c21);
                Step(x3[k], w0, w1, ref c30, ref c31);
                Step(x4[k], w0, w1, ref c40, ref c41);
                Step(x5[k], w0, w1, ref c50, ref c51);
            }
        }

        Finish(in t, 0, c00, c01);
        if (rows > 1)
            Finish(in t, 1, c10, c11);
        if (rows > 2)
            Finish(in t, 2, c20, c21);
        if (rows > 3)
            Finish(in t, 3, c30, c31);
        if (rows > 4)
            Finish(in t, 4, c40, c41);
        if (rows > 5)
            Finish(in t, 5, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float x, Vector256<float> w0, Vector256<float> w1, ref Vector256<float> c0, ref Vector256<float> c1)
    {
        var v = Vector256.Create(x);
        c0 = Fma.MultiplyAdd(v, w0, c0);
        c1 = Fma.MultiplyAdd(v, w1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in ConvFp32Tile t, int row, Vector256<float> f0, Vector256<float> f1)
    {
        Vector256<float> low = Vector256.Create(t.Low), high = Vector256.Create(t.High);
        if (t.Residual != null)
        {
            // May read past the last channel (ReadSlack), never writes there.
            float* residual = (float*)(t.Residual + row * t.ResidualStride);
            f0 += Vector256.Load(residual);
            f1 += Vector256.Load(residual + 8);
        }

        float* output = (float*)(t.Output + row * t.OutputStride);
        Store(Avx.Min(high, Avx.Max(low, f0)), output, t.Count);
        Store(Avx.Min(high, Avx.Max(low, f1)), output + 8, t.Count - 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> f, float* output, int count)
    {
        if (count >= Vector256<float>.Count)
            f.Store(output);
        else if (count > 0)
            Avx.MaskStore(output, Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle(), f);
    }

    /// <summary>6 × 16.</summary>
    internal readonly struct Tile6x16 : IConvFp32Tile
    {
        public static int Rows => TileRows;

        public static void Run(in ConvFp32Tile t, float* w) => Tile(in t, w);
    }
}
