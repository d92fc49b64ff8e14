using System.Runtime.InteropServices;
using Iced.Intel;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// AMX: eight tiles of up to 16 rows of 64 bytes, shaped by the last <c>ldtilecfg</c>. Whatever the processor would refuse is an error.
/// </summary>
internal sealed unsafe partial class X86Interpreter
{
    private const int Tiles = 8, TileRows = 16, TileRowBytes = 64, ColumnsField = 16, RowsField = 48;
    private readonly byte[] _tiles = new byte[Tiles * TileRows * TileRowBytes];
    private readonly (int Rows, int Bytes)[] _shapes = new (int, int)[Tiles];

    /// <summary>Tiles are configured; the upper registers and a thread's state are kept by the system until they are released.</summary>
    public bool HasTiles { get; private set; }

    private bool ExecuteTile(in Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Ldtilecfg: Configure((byte*)EffectiveAddress(in i)); break;
            case Mnemonic.Tilerelease: Release(); break;
            case Mnemonic.Tileloadd: LoadTile(in i); break;
            case Mnemonic.Tilestored: StoreTile(in i); break;
            case Mnemonic.Tdpbusd: MultiplyTiles(in i); break;
            default: return false;
        }

        return true;
    }

    private void Configure(byte* memory)
    {
        if (memory[0] != 1)
            throw new InvalidOperationException($"palette {memory[0]}");
        for (int b = 1; b < 16; b++)
            CheckZero(memory[b]);
        for (int tile = 0; tile < TileRows; tile++)
        {
            int bytes = ((ushort*)(memory + ColumnsField))[tile], rows = memory[RowsField + tile];
            if (tile >= Tiles)
                CheckZero(bytes + rows);
            else if (rows > TileRows || bytes > TileRowBytes || bytes % 4 != 0 || rows == 0 != (bytes == 0))
                throw new InvalidOperationException($"tile {tile} of {rows} x {bytes} bytes");
            else
                _shapes[tile] = (rows, bytes);
        }

        Array.Clear(_tiles);
        HasTiles = true;
    }

    private static void CheckZero(int reserved)
    {
        if (reserved != 0)
            throw new InvalidOperationException("a reserved byte of the tile configuration is not zero");
    }

    private void Release()
    {
        Array.Clear(_tiles);
        Array.Clear(_shapes);
        HasTiles = false;
    }

    private int Tile(Register register)
    {
        int tile = register - Register.TMM0;
        return HasTiles && _shapes[tile].Rows > 0 ? tile : throw new InvalidOperationException($"tile {tile} is not configured");
    }

    private Span<byte> Row(int tile, int row) => _tiles.AsSpan((tile * TileRows + row) * TileRowBytes, TileRowBytes);

    /// <summary>Row r lies at base + displacement + r · (index · scale): the index is the stride.</summary>
    private byte* RowAddress(in Instruction i, int row)
    {
        ulong stride = i.MemoryIndex == Register.None ? 0 : _general[GeneralIndex(i.MemoryIndex)] * (ulong)i.MemoryIndexScale;
        return (byte*)(_general[GeneralIndex(i.MemoryBase)] + i.MemoryDisplacement64 + (ulong)row * stride);
    }

    private void LoadTile(in Instruction i)
    {
        int tile = Tile(i.Op0Register);
        for (int row = 0; row < TileRows; row++)
        {
            var target = Row(tile, row);
            target.Clear();
            if (row < _shapes[tile].Rows)
                new ReadOnlySpan<byte>(RowAddress(in i, row), _shapes[tile].Bytes).CopyTo(target);
        }
    }

    private void StoreTile(in Instruction i)
    {
        int tile = Tile(i.Op1Register);
        for (int row = 0; row < _shapes[tile].Rows; row++)
            Row(tile, row)[.._shapes[tile].Bytes].CopyTo(new Span<byte>(RowAddress(in i, row), _shapes[tile].Bytes));
    }

    /// <summary>c[m][n] += Σ a[m][4k + j] · b[k][4n + j], a unsigned, b signed.</summary>
    private void MultiplyTiles(in Instruction i)
    {
        int c = Tile(i.Op0Register), a = Tile(i.Op1Register), b = Tile(i.Op2Register);
        if (c == a || c == b || a == b)
            throw new InvalidOperationException("a product's three tiles must differ");
        if (_shapes[c].Rows != _shapes[a].Rows || _shapes[a].Bytes != _shapes[b].Rows * 4 || _shapes[c].Bytes != _shapes[b].Bytes)
            throw new InvalidOperationException($"tiles of {_shapes[a]} and {_shapes[b]} do not multiply to {_shapes[c]}");
        for (int m = 0; m < _shapes[c].Rows; m++)
        {
            var sums = MemoryMarshal.Cast<byte, int>(Row(c, m));
            var x = MemoryMarshal.Cast<byte, int>(Row(a, m));
            for (int k = 0; k < _shapes[b].Rows; k++)
            {
                var w = MemoryMarshal.Cast<byte, int>(Row(b, k));
                for (int n = 0; n < _shapes[c].Bytes / 4; n++)
                    sums[n] += Dot(x[k], w[n]);
            }
        }
    }
}
