using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// What the intrinsic int8 convolutions have in common: packed constants and the loop over panels of 16 channels and tiles of pixels.
/// </summary>
/// <typeparam name="TTile">The instruction set's tile.</typeparam>
/// <typeparam name="TWeight">Element of its packed weights.</typeparam>
internal abstract unsafe class ConvInt8Panels<TTile, TWeight> : PreparedKernel
    where TTile : struct, IConvInt8Tile<TWeight>
    where TWeight : unmanaged
{
    private const int PanelWidth = 16;
    private readonly ConvInt8Problem _problem;
    private readonly ResidualInt8 _shortcut; // Made here, because a run allocates nothing.
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<TWeight> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly int _steps;
    private readonly bool _weightsDominate;

    protected ConvInt8Panels(ConvInt8Problem problem)
    {
        _problem = problem;
        _shortcut = problem.Residual ?? new ResidualInt8(default, 0, 0);
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1);
        _panels = ConvPanel.Cut(_layout, PanelWidth);
        _indirection = new Indirection(_layout);
        _weights = TTile.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _steps = (_layout.TapLength + 3) / 4;
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public sealed override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    public sealed override void Run(byte* arena, int part, int parts)
    {
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, TTile.Rows, _weightsDominate, part, parts);
        if (_problem.Residual is null)
            Panels<NoShortcutInt8>(arena, split);
        else if (_problem.Branch is null)
            Panels<AddShortcutInt8>(arena, split);
        else
            Panels<AddToBranchInt8>(arena, split);
        GC.KeepAlive(this);
    }

    /// <summary>One row's 16 finished sums through the epilogue; inlined into every tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected internal static void Finish<TShortcut, TStore>(in ConvInt8Tile t, int row, Vector256<int> c0, Vector256<int> c1)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        byte* residual = t.Residual + row * t.ResidualStride;
        var f0 = TShortcut.Add(TShortcut.Scale(c0, Vector256.Load(t.Multiplier), in t), residual, in t);
        var f1 = TShortcut.Add(TShortcut.Scale(c1, Vector256.Load(t.Multiplier + 8), in t), residual + 8, in t);
        TStore.Store(f0, f1, t.Output + row * t.OutputStride, in t);
    }

    protected sealed override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }

    private void Panels<TShortcut>(byte* arena, ConvSplit split) where TShortcut : struct, IShortcutInt8
    {
        if (_problem.FloatOutput)
            Panels<TShortcut, StoreFp32>(arena, split);
        else
            Panels<TShortcut, StoreUInt8>(arena, split);
    }

    /// <summary>Panels outermost: a panel's weights stay in the cache while every pixel passes.</summary>
    private void Panels<TShortcut, TStore>(byte* arena, ConvSplit split)
        where TShortcut : struct, IShortcutInt8
        where TStore : struct, IStoreInt8
    {
        var p = _problem;
        var shortcut = _shortcut;
        var tile = ConvInt8Tile.Of(p) with
        {
            TapPitch = _indirection.Pixels,
            Taps = _layout.Taps,
            Steps = _steps,
            OutputStride = p.Output.PixelStride,
            ResidualStride = shortcut.Placement.PixelStride,
        };
        for (int i = split.PanelStart; i < split.PanelEnd; i++)
        {
            var panel = _panels[i];
            tile.Input = arena + panel.Group * _layout.GroupInputChannels;
            tile.Count = panel.Count;
            tile.Bias = _bias.Data + panel.Lane;
            tile.Multiplier = _multiplier.Data + panel.Lane;
            TWeight* weights = _weights.Data + (long)panel.Lane * _layout.Taps * _steps * TTile.StepElements;
            byte* output = arena + p.Output.Offset + panel.First * (p.FloatOutput ? 4 : 1);
            byte* residual = arena + shortcut.Placement.Offset + panel.First;
            for (int pixel = split.PixelStart; pixel < split.PixelEnd; pixel += TTile.Rows)
            {
                tile.Rows = Math.Min(TTile.Rows, split.PixelEnd - pixel);
                tile.Offsets = _indirection.Offsets + pixel;
                tile.Output = output + pixel * tile.OutputStride;
                tile.Residual = residual + pixel * tile.ResidualStride;
                TTile.Run<TShortcut, TStore>(in tile, weights);
            }
        }
    }
}
