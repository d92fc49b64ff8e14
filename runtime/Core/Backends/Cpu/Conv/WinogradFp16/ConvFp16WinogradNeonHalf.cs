using ResNetEdge.Backends.Cpu.Conv.Fp16;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradFp16;

/// <summary>
/// Convolution 3×3 in half precision by Winograd's method in machine code: each part transforms a block of its own tiles, multiplies it panel by
/// panel with the transformed weights, and transforms back with bias, residual and clamp. No part waits for another.
/// </summary>
/// <remarks>
/// Products are those of <see cref="ConvFp16NeonHalf"/>, transforms are in half precision too. As with float32, what is not finite reaches all
/// outputs of the tiles that read it. See docs/decisions/0057-half-precision-on-arm.md.
/// </remarks>
internal sealed unsafe class ConvFp16WinogradNeonHalf : PreparedKernel
{
    /// <summary>Products that are summed in half precision: fewer than directly, because the transforms make more of an error.</summary>
    public const int Chain = 128;

    private readonly ConvFp16Problem _problem;
    private readonly int _outputs;
    private readonly Scratch _scratch;
    private readonly HalfWinogradLayout _layout;
    private readonly WinogradTiles _tiles;
    private readonly ConvPanel[] _panels;
    private readonly NativeBlock<Half> _weights, _bias, _zeros;
    private readonly HalfVector _low, _high;
    private readonly bool _weightsDominate;

    /// <param name="winograd">Checked, with its scratch memory.</param>
    public ConvFp16WinogradNeonHalf(ConvFp16WinogradProblem winograd)
    {
        var problem = winograd.Conv;
        _problem = problem with { Weights = default }; // The model's file may be gone when it runs.
        _outputs = winograd.Outputs;
        _scratch = winograd.Scratch ?? default;
        _layout = new HalfWinogradLayout(problem.Shape, _outputs);
        if (_scratch.Bytes < _layout.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {_layout.PartBytes} bytes");
        _tiles = new WinogradTiles(problem, _layout.Places, WinogradTransform.Of(_outputs));
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, HalfConvArgs.Lanes);
        _weights = HalfWinogradWeights.Pack(problem.Weights.Span, problem.Shape.InputChannels, _panels, _outputs);
        _bias = PackFp16.Channels(problem.Bias, _panels);
        _zeros = new NativeBlock<Half>(HalfConvArgs.Lanes);
        (_low, _high) = (HalfVector.Of(problem.Low), HalfVector.Of(problem.High));
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvFp16WinogradNeonHalf);

    public override long PackedBytes => _tiles.Bytes + _weights.Bytes + _bias.Bytes + _zeros.Bytes;

    /// <summary>Whether the convolution has the shape that the method is for; channels fill vectors.</summary>
    public static bool HasShape(ConvShape s) => ConvFp32Winograd.HasShape(s) && s.InputChannels % HalfConvArgs.Block == 0;

    /// <summary>
    /// Bound of |computed - exact| beside that of the last rounding: γ(roundings)·magnitude with u = 2⁻¹¹, where roundings are those of a chain, of
    /// the sum of chains, of the transforms and their constants (16 for 4×4 outputs, 7 for 2×2), bias and residual.
    /// </summary>
    /// <param name="inputChannels">Products in a sum.</param>
    /// <param name="outputs">2 or 4.</param>
    /// <param name="magnitude">As of <see cref="ConvFp32Winograd.ErrorBound"/>, with the matrices of <see cref="HalfWinogradWeights"/>.</param>
    public static double ErrorBound(int inputChannels, int outputs, double magnitude)
    {
        double n = (Math.Min(inputChannels, Chain) + (outputs == 4 ? 16 : 7) + 3) * Math.ScaleB(1, -11);
        return n / (1 - n) * magnitude;
    }

    /// <summary>Scratch memory of all threads.</summary>
    public static long ScratchBytes(ConvFp16WinogradProblem p, int threads) =>
        threads * new HalfWinogradLayout(p.Conv.Shape, p.Outputs).PartBytes;

    public override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / _layout.PartBytes);
        if (part >= parts)
            return;
        var split = ConvSplit.Of(_layout.Places.Tiles, _panels.Length, 1, _weightsDominate, part, parts);
        byte* memory = arena + _scratch.Offset + part * _layout.PartBytes;
        for (int first = split.PixelStart; first < split.PixelEnd; first += _layout.Places.BlockTiles)
        {
            int count = Math.Min(_layout.Places.BlockTiles, split.PixelEnd - first);
            TransformInputs(arena, memory, first, count);
            for (int i = split.PanelStart; i < split.PanelEnd; i++)
            {
                Multiply(memory, count, in _panels[i]);
                TransformOutputs(arena, memory, first, count, in _panels[i]);
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _tiles.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _zeros.Dispose();
    }

    private void TransformInputs(byte* arena, byte* memory, int first, int count)
    {
        const int Vector = HalfConvArgs.Block * sizeof(ushort);
        var args = new HalfWinogradInputArgs
        {
            Arena = arena,
            Offsets = _tiles.Of(first),
            ProductPitch = _layout.InputPitch,
            Vectors = _problem.Shape.InputChannels / HalfConvArgs.Block,
            Buffer = memory + _layout.BufferOffset,
        };
        int kernel = _outputs == 4 ? KernelsArm64.HalfWinogradInput4 : KernelsArm64.HalfWinogradInput2;
        for (int i = 0; i < count; i++, args.Offsets += _layout.Products)
        {
            int within = i % HalfConvArgs.Rows, group = i - within;
            args.To = memory + (long)group * _layout.TileBytes + within * Vector;
            args.Next = Math.Min(HalfConvArgs.Rows, count - group) * Vector;
            EmittedArm64.Call(kernel, &args);
        }
    }

    /// <summary>All products of a block of tiles with one panel.</summary>
    private void Multiply(byte* memory, int count, in ConvPanel panel)
    {
        int channels = _problem.Shape.InputChannels;
        var products = new HalfConvArgs
        {
            Bias = (byte*)_zeros.Data,
            OutputStride = HalfConvArgs.Lanes * HalfNumbers.Size,
            Low = HalfVector.Of(float.NegativeInfinity),
            High = HalfVector.Of(float.PositiveInfinity),
        };
        HalfProduct.Divide(ref products, channels / HalfConvArgs.Block, Chain / HalfConvArgs.Block);
        byte* weights = (byte*)(_weights.Data + (long)panel.Lane * _layout.Products * channels);
        for (int i = 0; i < _layout.Products; i++)
        {
            products.Inputs = memory + i * _layout.InputPitch;
            products.Weights = weights + (long)i * channels * HalfConvArgs.Lanes * HalfNumbers.Size;
            products.Output = memory + _layout.ProductsOffset + i * _layout.ProductPitch;
            HalfProduct.Run(&products, count, _layout.TileBytes);
        }
    }

    private void TransformOutputs(byte* arena, byte* memory, int first, int count, in ConvPanel panel)
    {
        const int Row = HalfConvArgs.Lanes * HalfNumbers.Size;
        var (p, s) = (_problem, _problem.Shape);
        var residual = p.Residual ?? default;
        bool isWhole = panel.Count == HalfConvArgs.Lanes;
        long pixelStride = (long)s.DilationWidth * p.Output.PixelStride, rowStride = (long)s.DilationHeight * s.OutputWidth * p.Output.PixelStride;
        long residualStride = (long)s.DilationWidth * residual.PixelStride;
        var args = new HalfWinogradOutputArgs
        {
            ProductPitch = _layout.ProductPitch,
            Bias = (byte*)(_bias.Data + panel.Lane),
            PixelStride = isWhole ? pixelStride : Row,
            RowStride = isWhole ? rowStride : _outputs * Row,
            ResidualRowStride = (long)s.DilationHeight * s.OutputWidth * residual.PixelStride,
            Low = _low,
            High = _high,
        };
        int kernel = _outputs == 4 ? KernelsArm64.HalfWinogradOutput4 : KernelsArm64.HalfWinogradOutput2;
        int outputHeight = s.OutputHeight, outputWidth = s.OutputWidth; // Divisions.
        for (int i = 0; i < count; i++)
        {
            var (image, y, x) = _layout.Places.Place(first + i);
            if (y >= outputHeight || x >= outputWidth) continue;
            long pixel = ((long)image * outputHeight + y) * outputWidth + x;
            int height = Math.Min(_outputs, (outputHeight - 1 - y) / s.DilationHeight + 1);
            int width = Math.Min(_outputs, (outputWidth - 1 - x) / s.DilationWidth + 1);
            byte* output = arena + p.Output.Offset + pixel * p.Output.PixelStride + (long)panel.First * HalfNumbers.Size;
            args.Products = memory + _layout.ProductsOffset + (long)i * Row;
            args.Output = isWhole ? output : memory + _layout.OutputsOffset;
            // May be read past the last channel (ReadSlack), but no pixel that does not exist.
            args.Residual = p.Residual is null
                ? null : arena + residual.Offset + pixel * residual.PixelStride + (long)panel.First * HalfNumbers.Size;
            (args.Height, args.Beside) = (height, (1 << (width - 1)) - 1);
            args.Residual1 = Math.Min(1, width - 1) * residualStride;
            args.Residual2 = Math.Min(2, width - 1) * residualStride;
            args.Residual3 = (width - 1) * residualStride;
            EmittedArm64.Call(kernel, &args);
            for (int place = 0; place < height * _outputs && !isWhole; place++)
            {
                if (place % _outputs >= width) continue;
                new ReadOnlySpan<byte>(memory + _layout.OutputsOffset + place * Row, panel.Count * HalfNumbers.Size).CopyTo(new Span<byte>(
                    output + place / _outputs * rowStride + place % _outputs * pixelStride, panel.Count * HalfNumbers.Size));
            }
        }
    }
}
