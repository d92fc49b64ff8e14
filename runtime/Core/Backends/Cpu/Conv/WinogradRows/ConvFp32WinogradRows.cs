using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradRows;

/// <summary>
/// Convolution with filter rows of seven and stride 2, a residual network's stem, by Winograd's method along rows. Input rows are transformed once
/// for all output rows that read them; filter rows, phases and channels are one sum. For whoever multiplies; see <see cref="RowsTransform"/>.
/// </summary>
/// <remarks>
/// A NaN or an infinity in an input pixel reaches every output pixel of the tiles that read it, four pixels of a row, where the direct kernels
/// confine it to those whose filter covers it. The result does not depend on how the work is divided.
/// </remarks>
internal abstract unsafe class ConvFp32WinogradRows : PreparedKernel
{
    private const int Lanes = ProductArgs.Columns, Tile = RowsTransform.Outputs;

    private readonly ConvFp32Problem _problem;
    private readonly Scratch _scratch;
    private readonly RowsLayout _layout;
    private readonly ConvPanel[] _strips;
    private readonly NativeBlock<float> _weights, _bias;

    /// <param name="rows">Checked, with its scratch memory.</param>
    protected ConvFp32WinogradRows(ConvFp32WinogradRowsProblem rows)
    {
        var problem = rows.Conv;
        _problem = problem with { Weights = default }; // The model's file may be gone when it runs.
        _scratch = rows.Scratch ?? default;
        _layout = new RowsLayout(problem.Shape);
        if (_scratch.Bytes < _layout.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {_layout.PartBytes} bytes");
        _strips = ConvPanel.Strips(problem.Shape.OutputChannels, Lanes);
        _weights = RowsWeights.Pack(problem.Weights.Span, problem.Shape, _strips);
        _bias = PackChannels.Floats(problem.Bias, _strips);
        Zeros = new NativeBlock<float>(Lanes);
    }

    public override long PackedBytes => _weights.Bytes + _bias.Bytes + Zeros.Bytes;

    /// <summary>What sums start from.</summary>
    protected NativeBlock<float> Zeros { get; }

    /// <summary>Filter rows of seven taps, stride 2 along rows, no dilation, no groups, over pictures.</summary>
    public static bool HasShape(ConvShape s) => s is
    {
        InputDepth: 1, KernelDepth: 1, KernelWidth: RowsTransform.Taps, StrideWidth: RowsTransform.Stride, DilationHeight: 1, DilationWidth: 1,
        Groups: 1,
    };

    /// <summary>
    /// Bound of |computed - exact| while all is finite and nothing underflows: γ(products + roundings + 2)·magnitude, with γ as in
    /// <see cref="ConvFp32Reference.ErrorBound"/> and the roundings of the transforms.
    /// </summary>
    /// <param name="s">The convolution.</param>
    /// <param name="magnitude">
    /// |bias| + |residual| + the output's element of |Aᵀ|Σ(|G g| ⊙ |Bᵀ||d|), summed over filter rows, phases and channels, where Bᵀ counts a term as
    /// often as it enters.
    /// </param>
    public static double ErrorBound(ConvShape s, double magnitude)
    {
        double n = (2 * s.KernelHeight * s.InputChannels + RowsTransform.Roundings + 2) * Math.ScaleB(1, -24);
        return n / (1 - n) * magnitude;
    }

    /// <summary>Scratch memory of all threads.</summary>
    public static long ScratchBytes(ConvFp32WinogradRowsProblem p, int threads) =>
        HasShape(p.Conv.Shape) ? threads * new RowsLayout(p.Conv.Shape).PartBytes : 0;

    public override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / _layout.PartBytes);
        if (part >= parts)
            return;
        var s = _problem.Shape;
        var split = ConvSplit.Of(s.OutputLines, _strips.Length, 1, weightsDominate: false, part, parts);
        float* memory = (float*)(arena + _scratch.Offset + part * _layout.PartBytes);
        for (int first = split.PixelStart, count; first < split.PixelEnd; first += count)
        {
            var (image, y) = Math.DivRem(first, s.OutputHeight);
            count = Math.Min(Math.Min(_layout.BlockRows, s.OutputHeight - y), split.PixelEnd - first);
            Transform(arena, memory, image, y, count);
            for (int strip = split.PanelStart; strip < split.PanelEnd; strip++)
            {
                for (int row = 0; row < count; row++)
                {
                    Multiply(memory, row, strip);
                    Finish(arena, memory + _layout.ProductsOffset, first + row, strip);
                }
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Some products of an output row with a strip of 16 channels, whose inputs are [product][group][channel][4 tiles], groups a tile pitch apart;
    /// channels are those of all filter rows and phases.
    /// </summary>
    protected abstract void Multiply(in WinogradProduct product);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _weights.Dispose();
        _bias.Dispose();
        Zeros.Dispose();
    }

    /// <summary>Transforms the input rows of some output rows.</summary>
    private void Transform(byte* arena, float* memory, int image, int y, int count)
    {
        var s = _problem.Shape;
        float* pixels = memory + _layout.PixelsOffset, last = memory + RowsTransform.SharedPoints * _layout.PointPitch;
        int rows = (count - 1) * s.StrideHeight + s.KernelHeight, top = y * s.StrideHeight - s.PadTop;
        new Span<float>(pixels, _layout.Pixels * s.InputChannels + ProductArgs.Rows).Clear();
        for (int row = 0; row < rows; row++)
        {
            ReadRow(arena, pixels, image, top + row);
            for (int group = 0; group < _layout.Groups; group++)
            {
                RowsTransform.Input(
                    pixels + group * ProductArgs.Rows * RowsTransform.Step * s.InputChannels, s.InputChannels,
                    memory + group * _layout.GroupPitch + row * _layout.RowElements, _layout.PointPitch,
                    last + group * _layout.LastGroupPitch + row * _layout.RowElements / 2);
            }
        }
    }

    /// <summary>Copies the pixels of an input row that tiles read between zeros that are there already.</summary>
    private void ReadRow(byte* arena, float* pixels, int image, int y)
    {
        var (s, input) = (_problem.Shape, _problem.Input);
        int channels = s.InputChannels, count = Math.Min(s.InputWidth, _layout.Pixels - s.PadLeft);
        float* to = pixels + s.PadLeft * channels;
        if (y < 0 || y >= s.InputHeight)
        {
            new Span<float>(to, Math.Max(0, count) * channels).Clear();
            return;
        }

        byte* from = arena + input.Offset + image * input.ImageStride + (long)y * input.RowStride;
        if (input.PixelStride == channels * sizeof(float))
        {
            new ReadOnlySpan<float>(from, Math.Max(0, count) * channels).CopyTo(new Span<float>(to, Math.Max(0, count) * channels));
            return;
        }

        for (; count > 0; count--, from += input.PixelStride, to += channels)
            new ReadOnlySpan<float>(from, channels).CopyTo(new Span<float>(to, channels));
    }

    private void Multiply(float* memory, int row, int strip)
    {
        var s = _problem.Shape;
        int steps = s.KernelHeight * s.InputChannels, first = row * s.StrideHeight * _layout.RowElements;
        float* products = memory + _layout.ProductsOffset;
        var shared = new WinogradProduct
        {
            Inputs = memory + first,
            InputPitch = _layout.PointPitch,
            TilePitch = _layout.GroupPitch,
            Weights = _weights.Data + strip * RowsWeights.StripElements(s),
            WeightPitch = 2L * steps * Lanes,
            Products = products,
            ProductPitch = _layout.ProductPitch,
            Count = RowsTransform.SharedPoints,
            Tiles = _layout.Groups * ProductArgs.Rows,
            Channels = 2 * steps,
            Width = Lanes,
        };
        Multiply(in shared);
        Multiply(shared with
        {
            Inputs = memory + RowsTransform.SharedPoints * _layout.PointPitch + first / 2,
            TilePitch = _layout.LastGroupPitch,
            Weights = shared.Weights + RowsTransform.SharedPoints * shared.WeightPitch,
            Products = products + RowsTransform.SharedPoints * _layout.ProductPitch,
            Count = 1,
            Channels = steps,
        });
    }

    /// <summary>The outputs of a row and strip.</summary>
    private void Finish(byte* arena, float* products, int line, int index)
    {
        var (p, s, strip) = (_problem, _problem.Shape, _strips[index]);
        var residual = p.Residual ?? default;
        int width = s.OutputWidth, whole = width / Tile, rest = width % Tile;
        long pixel = (long)line * width, channels = strip.First * sizeof(float);
        var epilogue = new WinogradEpilogue
        {
            Bias = _bias.Data + strip.Lane,
            Output = arena + p.Output.Offset + pixel * p.Output.PixelStride + channels,
            Residual = p.Residual is null ? null : arena + residual.Offset + pixel * residual.PixelStride + channels,
            PixelStride = p.Output.PixelStride,
            ResidualPixelStride = residual.PixelStride,
            Height = 1,
            Width = Tile,
            Count = strip.Count,
            Low = p.Low,
            High = p.High,
        };
        RowsTransform.Output(products, (nint)_layout.ProductPitch, whole, in epilogue);
        if (rest == 0)
            return;
        epilogue.Output += (long)whole * Tile * epilogue.PixelStride;
        if (epilogue.Residual != null)
            epilogue.Residual += (long)whole * Tile * epilogue.ResidualPixelStride;
        epilogue.Width = rest;
        RowsTransform.Output(products + whole * Lanes, (nint)_layout.ProductPitch, 1, in epilogue);
    }
}
