using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// Convolution 3×3 in float32 by Winograd's method, for whichever tier multiplies: each part transforms a block of its own tiles, multiplies
/// it panel by panel with the transformed weights, and transforms back with bias, residual and clamp. No part waits for another.
/// </summary>
/// <remarks>
/// A NaN or an infinity in an input pixel reaches every output pixel of the tiles that read it (up to four tiles of 4×4), where the direct
/// kernels confine it to the 3×3 pixels around; what those outputs become within the clamp is not defined. All other outputs are untouched.
/// The result does not depend on how the work is divided. See docs/decisions/0010-winograd.md.
/// </remarks>
internal abstract unsafe class ConvFp32Winograd : PreparedKernel
{
    private readonly Scratch _scratch;
    private readonly WinogradTransform _transform;
    private readonly WinogradLayout _layout;
    private readonly int _interleaved;
    private readonly WinogradTiles _tiles;
    private readonly ConvPanel[] _panels;
    private readonly NativeBlock<float> _weights;
    private readonly NativeBlock<float> _bias;
    private readonly bool _weightsDominate;

    /// <param name="winograd">Checked, with its scratch memory.</param>
    /// <param name="widestPanel">Lanes, at most <see cref="WinogradLayout.WidestPanel"/>.</param>
    /// <param name="transform">The tier's transform for tiles of this size.</param>
    /// <param name="blocking">Blocks and layout for <see cref="Multiply"/>.</param>
    protected ConvFp32Winograd(ConvFp32WinogradProblem winograd, int widestPanel, WinogradTransform transform, WinogradBlocking blocking)
    {
        var problem = Problem = winograd.Conv;
        _scratch = winograd.Scratch ?? default;
        _transform = transform;
        _interleaved = blocking.Interleaved;
        _layout = new WinogradLayout(problem.Shape, _transform, blocking);
        if (_scratch.Bytes < _layout.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {_layout.PartBytes} bytes");
        _tiles = new WinogradTiles(problem, _layout, _transform);
        _panels = ConvPanel.Cut(new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float)), widestPanel);
        _weights = WinogradWeights.Pack(problem.Weights.Span, problem.Shape.InputChannels, _panels, _transform, blocking.Strip);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
        Rows = new NativeBlock<uint>(_layout.BlockTiles);
        for (int row = 0; row < _layout.BlockTiles; row++)
            Rows.Data[row] = (uint)(row * _layout.RowPitch * sizeof(float));
        Zeros = new NativeBlock<float>(WinogradLayout.WidestPanel);
    }

    public override long PackedBytes => _tiles.Bytes + _weights.Bytes + _bias.Bytes + Rows.Bytes + Zeros.Bytes;

    protected ConvFp32Problem Problem { get; }

    /// <summary>[tile of a block], bytes from its first transformed input.</summary>
    protected NativeBlock<uint> Rows { get; }

    /// <summary>What sums start from.</summary>
    protected NativeBlock<float> Zeros { get; }

    /// <summary>Whether the convolution has the shape that the method is for.</summary>
    public static bool CanRun(ConvFp32WinogradProblem problem) => HasShape(problem.Conv.Shape);

    /// <summary>3×3, stride 1, no groups, over pictures.</summary>
    public static bool HasShape(ConvShape s) =>
        s is { InputDepth: 1, KernelDepth: 1, KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1, Groups: 1 };

    /// <summary>
    /// Bound of |computed - exact| while all is finite and nothing underflows: γ(inputChannels + roundings + 2)·magnitude, with γ as in
    /// <see cref="ConvFp32Reference.ErrorBound"/> and the roundings of the transforms (11 for 4×4 outputs, 7 for 2×2); holds for any order.
    /// </summary>
    /// <param name="inputChannels">Products in a sum.</param>
    /// <param name="outputs">2 or 4.</param>
    /// <param name="magnitude">|bias| + |residual| + the output's element of |Aᵀ|[Σ |G g Gᵀ| ⊙ (|Bᵀ||d||B|)]|A|, summed over input channels.</param>
    public static double ErrorBound(int inputChannels, int outputs, double magnitude)
    {
        double n = (inputChannels + WinogradTransform.Of(outputs).Roundings + 2) * Math.ScaleB(1, -24);
        return n / (1 - n) * magnitude;
    }

    public override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / _layout.PartBytes);
        if (part >= parts)
            return;
        var split = ConvSplit.Of(_layout.Tiles, _panels.Length, 1, _weightsDominate, part, parts);
        float* inputs = (float*)(arena + _scratch.Offset + part * _layout.PartBytes), products = inputs + _layout.InputElements;
        for (int first = split.PixelStart; first < split.PixelEnd; first += _layout.BlockTiles)
        {
            int count = Math.Min(_layout.BlockTiles, split.PixelEnd - first);
            _transform.Input(new WinogradBlock
            {
                Arena = arena,
                Offsets = _tiles.Of(first),
                Tiles = count,
                Channels = Problem.Shape.InputChannels,
                Transformed = inputs,
                TilePitch = _layout.RowPitch,
                Pitch = _layout.InputPitch,
                Interleaved = _interleaved,
            });
            for (int i = split.PanelStart; i < split.PanelEnd; i++)
            {
                var panel = _panels[i];
                Multiply(new WinogradProduct
                {
                    Inputs = inputs,
                    TilePitch = _layout.RowPitch,
                    InputPitch = _layout.InputPitch,
                    Weights = _weights.Data + (long)panel.Lane * _transform.Products * Problem.Shape.InputChannels,
                    WeightPitch = (long)Problem.Shape.InputChannels * panel.Width,
                    Products = products,
                    ProductPitch = _layout.ProductPitch,
                    Count = _transform.Products,
                    Tiles = count,
                    Channels = Problem.Shape.InputChannels,
                    Width = panel.Width,
                });
                Finish(arena, panel, products, first, count);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>All products of a block of tiles with one panel.</summary>
    protected abstract void Multiply(in WinogradProduct product);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _tiles.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        Rows.Dispose();
        Zeros.Dispose();
    }

    private void Finish(byte* arena, in ConvPanel panel, float* products, int first, int count)
    {
        var (p, s) = (Problem, Problem.Shape);
        var residual = p.Residual ?? default;
        var epilogue = new WinogradEpilogue
        {
            Bias = _bias.Data + panel.Lane,
            PixelStride = (long)s.DilationWidth * p.Output.PixelStride,
            RowStride = (long)s.DilationHeight * s.OutputWidth * p.Output.PixelStride,
            ResidualPixelStride = (long)s.DilationWidth * residual.PixelStride,
            ResidualRowStride = (long)s.DilationHeight * s.OutputWidth * residual.PixelStride,
            Count = panel.Count,
            Mask = ulong.MaxValue >> (64 - panel.Count),
            Low = p.Low,
            High = p.High,
        };
        for (int i = 0; i < count; i++)
        {
            var (image, y, x) = _layout.Place(first + i);
            if (y >= s.OutputHeight || x >= s.OutputWidth) continue;
            long pixel = ((long)image * s.OutputHeight + y) * s.OutputWidth + x;
            epilogue.Height = Math.Min(_transform.Outputs, (s.OutputHeight - 1 - y) / s.DilationHeight + 1);
            epilogue.Width = Math.Min(_transform.Outputs, (s.OutputWidth - 1 - x) / s.DilationWidth + 1);
            epilogue.Output = arena + p.Output.Offset + pixel * p.Output.PixelStride + (long)panel.First * sizeof(float);
            epilogue.Residual =
                p.Residual is null ? null : arena + residual.Offset + pixel * residual.PixelStride + (long)panel.First * sizeof(float);
            _transform.Output(products + (long)i * panel.Width, _layout.ProductPitch, in epilogue);
        }
    }
}
