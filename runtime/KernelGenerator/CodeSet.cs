using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.KernelGenerator;

/// <summary>All kernels in one run of position-independent code, each at a multiple of 64 bytes.</summary>
internal sealed class CodeSet
{
    private const int Alignment = 64;
    private const byte Trap = 0xCC;

    /// <summary>
    /// Tile heights for each panel width: the largest keep both multipliers busy, the others compose every tail.
    /// </summary>
    private static readonly (int Vectors, int[] Rows)[] Shapes = [(4, [1, 2, 3, 4, 5, 6]), (2, [1, 2, 4, 8, 12]), (1, [1, 2, 4, 8, 12])];

    /// <summary>Taps of the depthwise kernels: a scale for each channel, 3×3, 5×5 and 7×7.</summary>
    public static readonly int[] DepthwiseTaps = [1, 9, 25, 49];

    /// <summary>Tiles of pixels × vectors of channels of the AMX kernels.</summary>
    public static readonly (int PixelTiles, int Vectors)[] AmxShapes = [(1, 1), (2, 1), (1, 2), (2, 2)];

    /// <summary>Quads of pixels of a tile of the kernels for 16 channels.</summary>
    private static readonly int[] TileQuads = [1, 2, 4, 6];

    /// <summary>Output pixels along a side of the tiles of Winograd's method.</summary>
    public static readonly int[] WinogradOutputs = [2, 4];

    private readonly List<byte> _code = [];
    private readonly Dictionary<(int PixelTiles, int Vectors), int> _amx = [];
    private readonly Dictionary<int, int> _depthwise = [];
    private readonly int[] _quads = new int[TileQuads[^1] + 1];
    private readonly Dictionary<Tile, int> _offsets = [];
    private readonly Dictionary<int, (int Input, int Output)> _winograd = [];

    public CodeSet()
    {
        foreach (var element in Enum.GetValues<Element>())
        {
            foreach (var (vectors, heights) in Shapes)
            {
                foreach (int rows in heights)
                {
                    if (Has(element, rows, vectors)) Add(new Tile(element, rows, vectors));
                }
            }
        }

        foreach (int taps in DepthwiseTaps)
            _depthwise[taps] = Add(a => DepthwiseEmitter.Emit(a, taps));
        foreach (var shape in AmxShapes)
            _amx[shape] = Add(a => AmxEmitter.Emit(a, shape.PixelTiles, shape.Vectors));
        _quads.AsSpan().Fill(-1);
        foreach (int quads in TileQuads)
            _quads[quads] = Add(a => QuadEmitter.Emit(a, quads));

        AmxConfigure = Add(AmxEmitter.EmitConfigure);
        AmxRelease = Add(AmxEmitter.EmitRelease);
        foreach (int outputs in WinogradOutputs)
            _winograd[outputs] = (Add(a => WinogradInputEmitter.Emit(a, outputs)), Add(a => WinogradOutputEmitter.Emit(a, outputs)));
        RowConv = [.. RowConvShape.All.Select(shape => Add(a => RowConvEmitter.Emit(a, shape)))];
    }

    /// <summary>Offset of the code that shapes a thread's tiles.</summary>
    public int AmxConfigure { get; }

    /// <summary>Offset of the code that gives them back.</summary>
    public int AmxRelease { get; }

    /// <summary>The code, a multiple of eight bytes.</summary>
    public ReadOnlySpan<byte> Code => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code);

    /// <summary>Panel widths in vectors of 16 lanes.</summary>
    public static IEnumerable<int> Widths => Shapes.Select(shape => shape.Vectors);

    /// <summary>Offset of a kernel by rows, index 0 unused, -1 where there is none.</summary>
    public int[] Entries(Element element, int vectors)
    {
        int[] entries = new int[Shapes.Single(shape => shape.Vectors == vectors).Rows[^1] + 1];
        for (int rows = 0; rows < entries.Length; rows++)
            entries[rows] = _offsets.GetValueOrDefault(new Tile(element, rows, vectors), -1);
        return entries;
    }

    /// <summary>Offset of the depthwise kernel of so many taps.</summary>
    public int Depthwise(int taps) => _depthwise[taps];

    /// <summary>Offsets of the kernels that go along rows, in the order of <see cref="RowConvShape.All"/>.</summary>
    public IReadOnlyList<int> RowConv { get; }

    /// <summary>Offsets of the kernels for 16 channels by quads of a tile, -1 where there is none.</summary>
    public IReadOnlyList<int> Quads => _quads;

    /// <summary>Offset of an AMX kernel.</summary>
    public int Amx((int PixelTiles, int Vectors) shape) => _amx[shape];

    /// <summary>Offsets of the transforms of Winograd's method for tiles of so many outputs along a side.</summary>
    public (int Input, int Output) Winograd(int outputs) => _winograd[outputs];

    /// <summary>Fewer without VNNI, where steps are long and few processors need them, and only the widest panels of streamed weights.</summary>
    private static bool Has(Element element, int rows, int vectors) => element switch
    {
        Element.Int8Bw => rows is 1 or 4 or 6 or 12,
        Element.Fp32Streamed => vectors == 4,
        _ => true,
    };

    private void Add(Tile tile) => _offsets[tile] = Add(a => ConvEmitter.Emit(a, tile));

    /// <summary>Appends a kernel and returns its offset.</summary>
    private int Add(Action<Assembler> emit)
    {
        int offset = _code.Count;
        var assembler = new Assembler(64);
        emit(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), 0); // Only relative addresses: runs wherever it is mapped.
        _code.AddRange(stream.ToArray());
        while (_code.Count % Alignment != 0)
            _code.Add(Trap);
        return offset;
    }
}
