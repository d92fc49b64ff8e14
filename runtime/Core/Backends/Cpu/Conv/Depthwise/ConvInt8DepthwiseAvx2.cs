using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution, u8 × s8 → s32, sixteen channels at a time: one product a channel and tap, exact in 16 bits
/// (255·128 &lt; 2¹⁵), widened and summed in 32.
/// </summary>
internal sealed unsafe class ConvInt8DepthwiseAvx2 : PreparedKernel
{
    private const int Lanes = 16;
    private readonly ConvInt8Problem _problem;
    private readonly ResidualInt8 _shortcut; // Made here, because a run allocates nothing.
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<short> _weights; // [panel][tap][16]
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;

    public ConvInt8DepthwiseAvx2(ConvInt8Problem problem)
    {
        _problem = problem;
        _shortcut = problem.Residual ?? new ResidualInt8(default, 0, 0);
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, Lanes);
        _indirection = new Indirection(new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1));
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        int taps = problem.Shape.Taps;
        _weights = new NativeBlock<short>((long)_panels.Length * Lanes * taps);
        var weights = problem.Weights.Span;
        for (int n = 0; n < problem.Shape.OutputChannels; n++)
        {
            for (int tap = 0; tap < taps; tap++)
                _weights.Data[(n / Lanes * taps + tap) * Lanes + n % Lanes] = weights[n * taps + tap];
        }
    }

    public override string Name => nameof(ConvInt8DepthwiseAvx2);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>One input and one output channel a group; float results without a residual.</summary>
    public static bool CanRun(ConvInt8Problem problem) =>
        problem.Shape is { Groups: > 1, GroupInputChannels: 1, GroupOutputChannels: 1 } && (!problem.FloatOutput || problem.Residual is null);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_problem.Shape.Pixels, part, parts);
        if (_problem.FloatOutput)
            Pixels<NoShortcutInt8, StoreFp32>(arena, start, end);
        else if (_problem.Residual is null)
            Pixels<NoShortcutInt8, StoreUInt8>(arena, start, end);
        else if (_problem.Branch is null)
            Pixels<AddShortcutInt8, StoreUInt8>(arena, start, end);
        else
            Pixels<AddToBranchInt8, StoreUInt8>(arena, start, end);
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

    private void Pixels<TShortcut, TStore>(byte* arena, int start, int end)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        var p = _problem;
        var shortcut = _shortcut;
        int taps = p.Shape.Taps, size = TStore.IsFloat ? sizeof(float) : 1;
        var tile = ConvInt8Tile.Of(p) with { TapPitch = _indirection.Pixels, Taps = taps };
        for (int pixel = start; pixel < end; pixel++)
        {
            tile.Offsets = _indirection.Offsets + pixel;
            foreach (ref readonly var panel in _panels.AsSpan())
            {
                tile.Input = arena + panel.First;
                tile.Output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride + panel.First * size;
                tile.Residual = arena + shortcut.Placement.Offset + (long)pixel * shortcut.Placement.PixelStride + panel.First;
                tile.Bias = _bias.Data + panel.Lane;
                tile.Multiplier = _multiplier.Data + panel.Lane;
                tile.Count = panel.Count;
                Tile<TShortcut, TStore>(in tile, _weights.Data + (long)panel.Lane * taps);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TShortcut, TStore>(in ConvInt8Tile t, short* w)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        Vector256<int> c0 = Vector256.Load(t.Bias), c1 = Vector256.Load(t.Bias + 8);
        uint* offsets = t.Offsets;
        for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch, w += Lanes)
        {
            var product = Avx2.MultiplyLow(Avx2.ConvertToVector256Int16(t.Input + *offsets), Vector256.Load(w));
            c0 += Avx2.ConvertToVector256Int32(product.GetLower());
            c1 += Avx2.ConvertToVector256Int32(product.GetUpper());
        }

        var f0 = TShortcut.Add(TShortcut.Scale(c0, Vector256.Load(t.Multiplier), in t), t.Residual, in t);
        var f1 = TShortcut.Add(TShortcut.Scale(c1, Vector256.Load(t.Multiplier + 8), in t), t.Residual + 8, in t);
        TStore.Store(f0, f1, t.Output, in t);
    }
}
