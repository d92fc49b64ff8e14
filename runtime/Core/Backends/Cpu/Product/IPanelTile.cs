namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>What multiplies rows by a packed panel: the inner part of the float convolutions of an instruction set.</summary>
internal interface IPanelTile
{
    /// <summary>Lanes of the widest panel.</summary>
    static abstract int WidestPanel { get; }

    /// <summary>Rows that no instruction set's tiles waste are a multiple of this.</summary>
    const int RowUnit = 12;

    /// <summary>Computes all rows.</summary>
    static abstract void Multiply(in PanelProduct product);
}
