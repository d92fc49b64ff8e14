namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>Some rows times one packed panel: y[row][n] = Σ a[row][k] · panel[k][n], one chain of fused multiply-adds in the order of k.</summary>
internal unsafe struct PanelProduct
{
    /// <summary>The first row of a.</summary>
    public byte* Left;

    /// <summary>[row]: bytes from <see cref="Left"/>.</summary>
    public uint* Offsets;

    /// <summary>[Depth][Width].</summary>
    public float* Panel;

    /// <summary>[Width] zeros.</summary>
    public float* Zeros;

    /// <summary>First row and column of y that the panel has.</summary>
    public byte* Output;

    /// <summary>Bytes from one row of y to the next.</summary>
    public long OutputRow;

    public int Rows, Depth;

    /// <summary>Lanes of the panel: 16, 32 or 64.</summary>
    public int Width;

    /// <summary>Columns that exist; no others are written.</summary>
    public int Columns;
}
