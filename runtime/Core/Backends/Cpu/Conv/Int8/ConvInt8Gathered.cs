using ResNetEdge.Backends.Cpu.Conv.Gathered;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// What the int8 convolutions of Arm processors have in common: a block of pixels is gathered and made s8 once; each panel of 16 output
/// channels is multiplied with it, and one epilogue finishes the panel's sums.
/// </summary>
/// <typeparam name="TProduct">The instruction set's product.</typeparam>
internal abstract unsafe class ConvInt8Gathered<TProduct> : PreparedKernel where TProduct : struct, IProductInt8
{
    /// <summary>What activations lose when they become s8; the bias makes up for it.</summary>
    private const int ActivationOffset = 128;

    private readonly ConvInt8Problem _problem;
    private readonly Scratch _scratch;
    private readonly Placement _residual;
    private readonly ConvLayout _layout;
    private readonly GatheredLayout _blocks;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<sbyte> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<int>? _fours;
    private readonly NativeBlock<float> _multiplier;
    private readonly FinishInt8 _finish;
    private readonly delegate*<in FinishInt8, void> _epilogue;
    private readonly bool _weightsDominate, _pairsFit;

    protected ConvInt8Gathered(ConvInt8Problem problem)
    {
        _problem = problem;
        _scratch = problem.Scratch ?? default;
        _residual = problem.Residual?.Placement ?? default;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1);
        _blocks = new GatheredLayout(_layout);
        if (_scratch.Bytes < _blocks.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {_blocks.PartBytes} bytes");
        _panels = ConvPanel.Cut(_layout, FinishInt8.Lanes);
        _indirection = new Indirection(_layout);
        _weights = TProduct.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.FoldedBias(problem, _panels, ActivationOffset);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _pairsFit = TProduct.PairsFit(_weights);
        _fours = TProduct.Fours(_weights, _blocks.Tiles.Depth);
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
        _finish = FinishInt8.Of(problem);
        bool small = SumRange.IsSmall(problem);
        for (int i = 0; small && i < _bias.Count; i++)
            _bias.Data[i] += FinishInt8.SmallSum;
        _epilogue = EpilogueInt8AdvSimd.Of(problem, small);
    }

    public sealed override long PackedBytes =>
        _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes + (_fours?.Bytes ?? 0);

    public sealed override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / _blocks.PartBytes);
        if (part >= parts)
            return;
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, ActivationTiles.Pixels, _weightsDominate, part, parts);
        byte* memory = arena + _scratch.Offset + part * _blocks.PartBytes;
        int each = _panels.Length / _layout.Groups; // Every group is cut into the same panels.
        for (int group = 0; group < _layout.Groups; group++)
        {
            int from = Math.Max(split.PanelStart, group * each), to = Math.Min(split.PanelEnd, (group + 1) * each);
            for (int pixel = split.PixelStart; pixel < split.PixelEnd && from < to; pixel += _blocks.BlockPixels)
            {
                int pixels = Math.Min(_blocks.BlockPixels, split.PixelEnd - pixel);
                _blocks.Tiles.Gather<SignedBytes>(
                    memory, memory + _blocks.RowsOffset, arena + group * _layout.GroupInputChannels, _indirection.Offsets + pixel,
                    _indirection.Pixels, pixels);
                Panels(arena, memory, pixel, pixels, from, to);
            }
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
        _fours?.Dispose();
    }

    /// <summary>A block of gathered pixels with some panels.</summary>
    private void Panels(byte* arena, byte* memory, int pixel, int pixels, int from, int to)
    {
        var p = _problem;
        long panelBytes = TProduct.PanelBytes(_blocks.Tiles.Depth);
        var product = new ProductInt8
        {
            Inputs = (sbyte*)memory,
            Sums = (int*)(memory + _blocks.SumsOffset),
            Depth = _blocks.Tiles.Depth,
            Pixels = pixels,
            PairsFit = _pairsFit,
        };
        var finish = _finish with { Sums = product.Sums, Width = pixels };
        for (int i = from; i < to; i++)
        {
            var panel = _panels[i];
            product.Weights = _weights.Data + i * panelBytes;
            product.Bias = _bias.Data + panel.Lane;
            product.Fours = _fours is null ? null : _fours.Data + (long)i * FoursInt8.PerPanel(_blocks.Tiles.Depth);
            product.Count = finish.Count = panel.Count;
            TProduct.Multiply(in product);
            finish.Multiplier = _multiplier.Data + panel.Lane;
            finish.Output = arena + p.Output.Offset + pixel * finish.PixelStride + panel.First * (p.FloatOutput ? sizeof(float) : 1);
            finish.Residual = arena + _residual.Offset + pixel * finish.ResidualPixelStride + panel.First;
            _epilogue(in finish);
        }
    }
}
