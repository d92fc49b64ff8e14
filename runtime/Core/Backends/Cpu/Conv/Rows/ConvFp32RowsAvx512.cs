using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Rows;

/// <summary>
/// Depthwise and grouped convolution in float32 by 512-bit FMA, tiles of some pixels of a row and 16 channels; machine code of our own,
/// runtime/KernelGenerator/RowConvEmitter. Starts from the bias, one FMA for each product inside the picture's rows; the same error bound as all,
/// and depthwise the same bits as <see cref="Depthwise.ConvFp32Depthwise{TLanes}"/>.
/// </summary>
internal sealed unsafe class ConvFp32RowsAvx512 : PreparedKernel
{
    /// <summary>Weights up to this stay in the first cache, and then all channels of a tile are done in turn, which lie side by side.</summary>
    private const int CachedBytes = 16 << 10;

    /// <summary>Pixels of the rows that every panel passes else before the next one begins.</summary>
    private const int ChunkPixels = 256;

    private readonly ConvFp32Problem _problem;
    private readonly RowConvShape _shape;
    private readonly RowConvTiles _tiles;
    private readonly ConvPanel[] _panels;
    private readonly NativeBlock<float> _weights;
    private readonly NativeBlock<float> _bias;
    private readonly NativeBlock<int> _permutations;
    private readonly int _code;

    public ConvFp32RowsAvx512(ConvFp32Problem problem)
    {
        int kernel = RowConvChoice.Of(problem) ?? throw new ArgumentException($"{problem.Shape} has no kernel that goes along rows");
        (_problem, _shape, _code) = (problem, RowConvShape.All[kernel], ConvAvx512.RowConv[kernel]);
        _tiles = new RowConvTiles(problem, _shape);
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, PackRows.Width);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weights = PackRows.Weights(problem.Weights.Span, problem.Shape, _panels);
        _permutations = PackRows.Permutations(_shape.Kind == RowConvKind.Permuted ? problem.Shape.GroupInputChannels : 0);
    }

    public override string Name => nameof(ConvFp32RowsAvx512);

    public override long PackedBytes => _weights.Bytes + _bias.Bytes + _permutations.Bytes + _tiles.Bytes;

    /// <summary>Filters, groups and pictures for which there is code.</summary>
    public static bool CanRun(ConvFp32Problem problem) => RowConvChoice.Of(problem) is not null;

    public override void Run(byte* arena, int part, int parts)
    {
        var s = _problem.Shape;
        var (start, end) = KernelPart.Range(s.OutputLines, part, parts);
        bool byPixels = _shape.Kind == RowConvKind.Depthwise && _weights.Bytes <= CachedBytes;
        int panels = byPixels ? _panels.Length : 1, lines = byPixels ? s.OutputLines : Math.Max(1, ChunkPixels / s.OutputWidth);
        for (int line = start; line < end; line += lines)
        {
            for (int panel = 0; panel < _panels.Length; panel += panels)
                Panels(arena, line, Math.Min(lines, end - line), panel, panels);
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _tiles.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _permutations.Dispose();
    }

    private void Panels(byte* arena, int line, int lines, int panel, int panels)
    {
        var (p, s) = (_problem, _problem.Shape);
        ConvPanel first = _panels[panel], last = _panels[panel + panels - 1];
        int input = _shape.Kind == RowConvKind.Broadcast ? first.First / s.GroupOutputChannels * s.GroupInputChannels : first.First;
        var args = new RowConvArgs
        {
            Lines = _tiles.Lines + line,
            Tiles = _tiles.Tiles,
            Input = arena + input * sizeof(float),
            Output = arena + first.First * sizeof(float),
            Weights = _weights.Data + (long)first.Lane * s.Depth,
            Bias = _bias.Data + first.Lane,
            Permutations = _permutations.Data,
            InputStride = p.Input.PixelStride,
            NextRow = (long)s.DilationHeight * p.Input.RowStride,
            OutputStride = p.Output.PixelStride,
            NextPanel = (long)PackRows.Width * s.Depth * sizeof(float),
            LastMask = ulong.MaxValue >> (64 - last.Count),
            LineCount = lines,
            TileCount = _tiles.Count,
            PanelCount = panels,
            Blocks = s.GroupInputChannels / _shape.Block,
            Low = p.Low,
            High = p.High,
        };
        NativeRunner.Instance.Call(_code, &args);
    }
}
