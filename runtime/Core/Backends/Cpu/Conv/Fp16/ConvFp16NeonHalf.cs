using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp16;

/// <summary>
/// Convolution in half precision by machine code (<c>fmla</c> of eight halves), 8 pixels × 16 channels: a block of pixels is gathered once, and each
/// panel of output channels is multiplied with it.
/// </summary>
/// <remarks>
/// Sums start from the bias and take one FMA for each product in the order tap, channel. After <see cref="Chain"/> products at most they are
/// continued in float32. Residual and clamp are in half precision. Error bound: <see cref="ConvFp16Reference.ErrorBound"/> with <see
/// cref="Roundings"/>.
/// </remarks>
internal sealed unsafe class ConvFp16NeonHalf : PreparedKernel
{
    /// <summary>
    /// Products that are summed in half precision. A longer chain costs fewer instructions (256: 2.7 % of them for float32) and more error.
    /// </summary>
    public const int Chain = 256;

    /// <summary>Roundings to half precision between a product and the output: its chain, the sum of chains, bias, residual.</summary>
    public static int Roundings(int depth) => Math.Min(depth, Chain) + 3;

    private readonly ConvFp16Problem _problem;
    private readonly Scratch _scratch;
    private readonly ConvLayout _layout;
    private readonly HalfLayout _blocks;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<Half> _weights, _bias;
    private readonly HalfVector _low, _high;
    private readonly bool _weightsDominate;

    public ConvFp16NeonHalf(ConvFp16Problem problem)
    {
        _problem = problem with { Weights = default }; // The model's file may be gone when it runs.
        _scratch = problem.Scratch ?? default;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, HalfNumbers.Size);
        _blocks = new HalfLayout(_layout);
        if (_scratch.Bytes < _blocks.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {_blocks.PartBytes} bytes");
        _panels = ConvPanel.Cut(_layout, HalfConvArgs.Lanes);
        _indirection = new Indirection(_layout);
        _weights = PackFp16.Pack(problem.Weights.Span, _layout, _panels, _blocks.Tiles.Blocks * HalfConvArgs.Block);
        _bias = PackFp16.Channels(problem.Bias, _panels);
        (_low, _high) = (HalfVector.Of(problem.Low), HalfVector.Of(problem.High));
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvFp16NeonHalf);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

    public override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / _blocks.PartBytes);
        if (part >= parts)
            return;
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, HalfTiles.Pixels, _weightsDominate, part, parts);
        byte* memory = arena + _scratch.Offset + part * _blocks.PartBytes;
        int each = _panels.Length / _layout.Groups; // Every group is cut into the same panels.
        for (int group = 0; group < _layout.Groups; group++)
        {
            int from = Math.Max(split.PanelStart, group * each), to = Math.Min(split.PanelEnd, (group + 1) * each);
            for (int pixel = split.PixelStart; pixel < split.PixelEnd && from < to; pixel += _blocks.BlockPixels)
            {
                int pixels = Math.Min(_blocks.BlockPixels, split.PixelEnd - pixel);
                _blocks.Tiles.Gather(
                    memory, memory + _blocks.RowsOffset, arena + (long)group * _layout.GroupInputChannels * HalfNumbers.Size,
                    _indirection.Offsets + pixel, _indirection.Pixels, pixels);
                for (int i = from; i < to; i++)
                    Panel(arena, memory, pixel, pixels, in _panels[i]);
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

    /// <summary>A block of gathered pixels with one panel.</summary>
    private void Panel(byte* arena, byte* memory, int pixel, int pixels, in ConvPanel panel)
    {
        var p = _problem;
        var residual = p.Residual ?? default;
        byte* output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride + (long)panel.First * HalfNumbers.Size;
        bool isWhole = panel.Count == HalfConvArgs.Lanes;
        var args = new HalfConvArgs
        {
            Inputs = memory,
            Weights = (byte*)(_weights.Data + (long)panel.Lane * _blocks.Tiles.Blocks * HalfConvArgs.Block),
            Bias = (byte*)(_bias.Data + panel.Lane),
            Output = isWhole ? output : memory + _blocks.OutputsOffset,
            OutputStride = isWhole ? p.Output.PixelStride : HalfConvArgs.Lanes * HalfNumbers.Size,
            // May be read past the last channel (ReadSlack).
            Residual = p.Residual is null
                ? null : arena + residual.Offset + (long)pixel * residual.PixelStride + (long)panel.First * HalfNumbers.Size,
            ResidualStride = residual.PixelStride,
            Low = _low,
            High = _high,
        };
        HalfProduct.Divide(ref args, _blocks.Tiles.Blocks, Chain / HalfConvArgs.Block);
        HalfProduct.Run(&args, pixels, _blocks.Tiles.PixelBytes);
        if (isWhole)
            return;
        byte* from = memory + _blocks.OutputsOffset;
        for (int i = 0; i < pixels; i++, from += HalfConvArgs.Lanes * HalfNumbers.Size, output += p.Output.PixelStride)
            new ReadOnlySpan<byte>(from, panel.Count * HalfNumbers.Size).CopyTo(new Span<byte>(output, panel.Count * HalfNumbers.Size));
    }
}
