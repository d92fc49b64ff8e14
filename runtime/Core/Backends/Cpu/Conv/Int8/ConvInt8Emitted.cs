using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// What the int8 convolutions in AVX-512 machine code of our own (runtime/KernelGenerator) have in common: packed constants and the loop
/// over panels. Up to 6 pixels × 64 channels, 12 × 32 or 12 × 16 a tile.
/// </summary>
/// <typeparam name="TForm">The instruction set's kernels and how they want weights packed.</typeparam>
/// <typeparam name="TWeight">Element of the packed weights.</typeparam>
internal abstract unsafe class ConvInt8Emitted<TForm, TWeight> : PreparedKernel
    where TForm : struct, IConvInt8Form<TWeight>
    where TWeight : unmanaged
{
    private const int WidestPanel = 64, TileUnit = 6;
    private readonly ConvInt8Problem _problem;
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<TWeight> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly int _steps;
    private readonly ICodeRunner _runner;
    private readonly bool _weightsDominate;

    /// <param name="problem">The convolution; its values are checked already.</param>
    /// <param name="runner">Who executes the machine code.</param>
    protected ConvInt8Emitted(ConvInt8Problem problem, ICodeRunner runner)
    {
        _problem = problem;
        _runner = runner;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1);
        _panels = ConvPanel.Cut(_layout, WidestPanel);
        _indirection = new Indirection(_layout);
        _weights = TForm.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _steps = (_layout.TapLength + 3) / 4;
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public sealed override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>Logits stay float and go to the next tier: one small layer is not worth a second epilogue in machine code.</summary>
    public static bool CanRun(ConvInt8Problem problem) => !problem.FloatOutput;

    public sealed override void Run(byte* arena, int part, int parts)
    {
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, TileUnit, _weightsDominate, part, parts);
        if (split.PixelStart < split.PixelEnd)
        {
            for (int i = split.PanelStart; i < split.PanelEnd; i++)
                Panel(arena, _panels[i], split, isLast: i + 1 == split.PanelEnd);
        }

        GC.KeepAlive(this);
    }

    protected sealed override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }

    private void Panel(byte* arena, in ConvPanel panel, in ConvSplit split, bool isLast)
    {
        int blocks = (_steps + 3) / 4, skip = blocks * 4 - _steps;
        long laneElements = (long)_layout.Taps * _steps * TForm.StepElements;
        var args = new ConvArgs
        {
            Offsets = _indirection.Offsets + split.PixelStart,
            Base = arena + panel.Group * _layout.GroupInputChannels - skip * 4,
            Weights = _weights.Data + panel.Lane * laneElements,
            Bias = _bias.Data + panel.Lane,
            Multiplier = _multiplier.Data + panel.Lane,
            TapPitch = (long)_indirection.Pixels * sizeof(uint),
            Ahead = isLast ? 0 : panel.Width * laneElements * sizeof(TWeight),
            Taps = _layout.Taps,
            Blocks = blocks,
            Skip = skip,
        };
        EmittedEpilogueInt8.Fill(ref args, _problem, arena, split.PixelStart, in panel);
        EmittedConv.Run(_runner, &args, split.PixelEnd - split.PixelStart, TForm.Entries(panel.Width), panel.Width);
    }
}
