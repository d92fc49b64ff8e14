using System.Runtime.CompilerServices;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// Convolution 3×3 of u8 by Winograd's method in whole numbers, for processors without dot products: a quarter of the products, each of 16 bits, and
/// the same bits as the definition (<see cref="WinogradInt8Bounds"/>).
/// </summary>
/// <remarks>See docs/decisions/0056-int8-on-arm.md.</remarks>
internal abstract unsafe class ConvInt8Winograd : PreparedKernel
{
    private readonly ConvInt8Problem _problem;
    private readonly Scratch _scratch;
    private readonly Placement _residual;
    private readonly ConvPanel[] _panels;
    private readonly NativeBlock<uint> _offsets;
    private readonly NativeBlock<short> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly FinishInt8 _finish;
    private readonly delegate*<in FinishInt8, void> _epilogue;
    private readonly bool _weightsDominate;

    /// <param name="problem">Within the bounds.</param>
    /// <param name="epilogue">Of the instruction set.</param>
    /// <param name="pairsChannels">Weights of two input channels take turns.</param>
    protected ConvInt8Winograd(ConvInt8Problem problem, delegate*<in FinishInt8, void> epilogue, bool pairsChannels)
    {
        _problem = problem;
        _scratch = problem.Scratch ?? default;
        _residual = problem.Residual?.Placement ?? default;
        Layout = new WinogradInt8Layout(problem.Shape);
        if (_scratch.Bytes < Layout.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {Layout.PartBytes} bytes");
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, WinogradInt8Layout.Lanes);
        _offsets = WinogradInt8Tiles.Offsets(problem, Layout);
        _weights = WinogradInt8Weights.Pack(problem.Weights.Span, problem.Shape.InputChannels, Layout, _panels);
        if (pairsChannels)
            WinogradInt8Weights.Pair(_weights);
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        for (int i = 0; i < _bias.Count; i++)
        {
            // Exact: a power of two, and no multiplier is so small that it would become subnormal.
            _bias.Data[i] *= WinogradInt8Bounds.Scale;
            _multiplier.Data[i] /= WinogradInt8Bounds.Scale;
        }

        _finish = FinishInt8.Of(problem) with { SumRow = WinogradInt8Layout.Outputs * WinogradInt8Layout.Lanes };
        _epilogue = epilogue;
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    protected WinogradInt8Layout Layout { get; }

    /// <summary>Elements from one product's weights to the next product's.</summary>
    protected long WeightPitch => (long)Layout.ChannelBlocks * WinogradInt8Layout.Channels * WinogradInt8Layout.Lanes;

    public sealed override long PackedBytes => _offsets.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    public sealed override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / Layout.PartBytes);
        if (part >= parts)
            return;
        var split = ConvSplit.Of(Layout.Tiles, _panels.Length, WinogradInt8Layout.Group, _weightsDominate, part, parts);
        byte* inputs = arena + _scratch.Offset + part * Layout.PartBytes;
        for (int first = split.PixelStart; first < split.PixelEnd; first += Layout.BlockTiles)
        {
            int count = Math.Min(Layout.BlockTiles, split.PixelEnd - first);
            for (int i = 0; i < count; i++)
            {
                byte* target = inputs + (long)(i / WinogradInt8Layout.Group) * Layout.GroupBytes
                    + i % WinogradInt8Layout.Group * WinogradInt8Layout.Channels * sizeof(short);
                WinogradInt8Input.Transform(
                    arena, _offsets.Data + (long)(first + i) * WinogradInt8Layout.Products, target, Layout.InputPitch, Layout.ChannelBlocks);
            }

            for (int panel = split.PanelStart; panel < split.PanelEnd; panel++)
            {
                Multiply(
                    (short*)inputs, _weights.Data + panel * WinogradInt8Layout.Products * WeightPitch, (int*)(inputs + Layout.ProductsOffset),
                    (count + WinogradInt8Layout.Group - 1) / WinogradInt8Layout.Group);
                Finish(arena, inputs + Layout.ProductsOffset, panel, first, count);
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _offsets.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }

    /// <summary>All products of some groups of tiles with a panel. Tiles behind the last one of a group hold anything.</summary>
    protected abstract void Multiply(short* inputs, short* weights, int* products, int groups);

    [SkipLocalsInit]
    private void Finish(byte* arena, byte* products, int index, int first, int count)
    {
        var (p, s, panel) = (_problem, _problem.Shape, _panels[index]);
        int* sums = stackalloc int[WinogradInt8Layout.Outputs * WinogradInt8Layout.Outputs * WinogradInt8Layout.Lanes];
        var finish = _finish with { Sums = sums, Multiplier = _multiplier.Data + panel.Lane, Count = panel.Count };
        int size = p.FloatOutput ? sizeof(float) : 1;
        for (int i = 0; i < count; i++, products += WinogradInt8Layout.Lanes * sizeof(int))
        {
            WinogradInt8Output.Transform(products, Layout.ProductPitch, _bias.Data + panel.Lane, sums);
            var (image, y, x) = Layout.Place(first + i);
            long pixel = ((long)image * s.OutputHeight + y) * s.OutputWidth + x;
            finish.Height = Math.Min(WinogradInt8Layout.Outputs, s.OutputHeight - y);
            finish.Width = Math.Min(WinogradInt8Layout.Outputs, s.OutputWidth - x);
            finish.Output = arena + p.Output.Offset + pixel * finish.PixelStride + panel.First * size;
            finish.Residual = arena + _residual.Offset + pixel * finish.ResidualPixelStride + panel.First;
            _epilogue(in finish);
        }
    }
}
