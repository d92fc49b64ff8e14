using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution, sixteen channels at a time: u8 activations are read as s8 (x ^ 0x80 = x - 128; the bias makes up for it),
/// <c>smull</c> gives one exact 16-bit product a channel and tap, <c>saddw</c> sums in 32 bits.
/// </summary>
internal sealed unsafe class ConvInt8DepthwiseAdvSimd : PreparedKernel
{
    private const int Lanes = 16, ActivationOffset = 128;
    private readonly ConvInt8Problem _problem;
    private readonly ResidualInt8 _shortcut; // Made here, because a run allocates nothing.
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<sbyte> _weights; // [panel][tap][16]
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;

    public ConvInt8DepthwiseAdvSimd(ConvInt8Problem problem)
    {
        _problem = problem;
        _shortcut = problem.Residual ?? new ResidualInt8(default, 0, 0);
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, Lanes);
        _indirection = new Indirection(new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1));
        _bias = PackChannels.FoldedBias(problem, _panels, ActivationOffset);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _weights = PackDepthwise.Pack(problem.Weights.Span, problem.Shape, _panels);
    }

    public override string Name => nameof(ConvInt8DepthwiseAdvSimd);

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
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var p = _problem;
        var tile = ConvInt8Tile.Of(p) with { TapPitch = _indirection.Pixels, Taps = p.Shape.Taps };
        var epilogue = new EpilogueInt8AdvSimd(in tile);
        for (int pixel = start; pixel < end; pixel++)
        {
            tile.Offsets = _indirection.Offsets + pixel;
            foreach (ref readonly var panel in _panels.AsSpan())
            {
                tile.Input = arena + panel.First;
                tile.Output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride + panel.First * (TStore.IsFloat ? sizeof(float) : 1);
                tile.Residual = arena + _shortcut.Placement.Offset + (long)pixel * _shortcut.Placement.PixelStride + panel.First;
                tile.Bias = _bias.Data + panel.Lane;
                tile.Multiplier = _multiplier.Data + panel.Lane;
                tile.Count = panel.Count;
                Tile<TShortcut, TStore>(in tile, in epilogue, _weights.Data + (long)panel.Lane * tile.Taps);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TShortcut, TStore>(in ConvInt8Tile t, in EpilogueInt8AdvSimd epilogue, sbyte* w)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        int size = TStore.IsFloat ? sizeof(float) : 1;
        Vector128<int> c0 = Vector128.Load(t.Bias), c1 = Vector128.Load(t.Bias + 4),
            c2 = Vector128.Load(t.Bias + 8), c3 = Vector128.Load(t.Bias + 12);
        var flip = Vector128.Create((byte)0x80);
        uint* offsets = t.Offsets;
        for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch, w += Lanes)
        {
            var x = (Vector128.Load(t.Input + *offsets) ^ flip).AsSByte();
            var weights = Vector128.Load(w);
            var low = AdvSimd.MultiplyWideningLower(x.GetLower(), weights.GetLower());
            var high = AdvSimd.MultiplyWideningUpper(x, weights);
            c0 = AdvSimd.AddWideningLower(c0, low.GetLower());
            c1 = AdvSimd.AddWideningUpper(c1, low);
            c2 = AdvSimd.AddWideningLower(c2, high.GetLower());
            c3 = AdvSimd.AddWideningUpper(c3, high);
        }

        epilogue.Store<TShortcut, TStore>(c0, c1, t.Multiplier, t.Output, t.Residual, t.Count);
        epilogue.Store<TShortcut, TStore>(c2, c3, t.Multiplier + 8, t.Output + 8 * size, t.Residual + 8, t.Count - 8);
    }
}
