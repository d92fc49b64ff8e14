using Iced.Intel;

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

    /// <summary>Taps of the depthwise kernels: a scale for each channel, and 3×3.</summary>
    public static readonly int[] DepthwiseTaps = [1, 9];

    private readonly List<byte> _code = [];
    private readonly Dictionary<int, int> _depthwise = [];
    private readonly Dictionary<Tile, int> _offsets = [];

    public CodeSet()
    {
        foreach (var element in Enum.GetValues<Element>())
        {
            foreach (var (vectors, heights) in Shapes)
            {
                foreach (int rows in heights)
                    Add(new Tile(element, rows, vectors));
            }
        }

        foreach (int taps in DepthwiseTaps)
            _depthwise[taps] = Add(a => DepthwiseEmitter.Emit(a, taps));
    }

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
