using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// What the intrinsic fp32 convolutions have in common: packed constants and the loop over panels of 16 channels and tiles of pixels.
/// </summary>
/// <typeparam name="TTile">The instruction set's tile.</typeparam>
internal abstract unsafe class ConvFp32Panels<TTile> : PreparedKernel where TTile : struct, IConvFp32Tile
{
    private const int PanelWidth = 16;
    private readonly ConvFp32Problem _problem;
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<float> _weights;
    private readonly NativeBlock<float> _bias;
    private readonly bool _weightsDominate;

    protected ConvFp32Panels(ConvFp32Problem problem)
    {
        _problem = problem;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float));
        _panels = ConvPanel.Cut(_layout, PanelWidth);
        _indirection = new Indirection(_layout);
        _weights = PackFp32.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public sealed override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

    /// <summary>Panels outermost: a panel's weights stay in the cache while every pixel passes.</summary>
    public sealed override void Run(byte* arena, int part, int parts)
    {
        var p = _problem;
        var split = ConvSplit.Of(p.Shape.Pixels, _panels.Length, TTile.Rows, _weightsDominate, part, parts);
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
            for (int pixel = split.PixelStart; pixel < split.PixelEnd; pixel += TTile.Rows)
            {
                tile.Rows = Math.Min(TTile.Rows, split.PixelEnd - pixel);
                tile.Offsets = _indirection.Offsets + pixel;
                tile.Output = arena + p.Output.Offset + pixel * tile.OutputStride + panel.First * sizeof(float);
                tile.Residual = p.Residual is null ? null : arena + residual.Offset + pixel * tile.ResidualStride + panel.First * sizeof(float);
                TTile.Run(in tile, weights);
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
    }
}
