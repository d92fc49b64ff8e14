namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>One message of an object header.</summary>
/// <param name="Type">Number as in the specification.</param>
/// <param name="IsShared">Whether the body only says where the real one lies.</param>
/// <param name="Body">What it says.</param>
internal sealed record Hdf5Message(int Type, bool IsShared, ReadOnlyMemory<byte> Body)
{
    /// <summary>Dimensions of a data set.</summary>
    public const int Dataspace = 0x01;

    /// <summary>Where links lie in a group of the newer kind.</summary>
    public const int LinkInfo = 0x02;

    /// <summary>Element type of a data set.</summary>
    public const int Datatype = 0x03;

    /// <summary>A child of a group of the newer kind.</summary>
    public const int Link = 0x06;

    /// <summary>Where a dataset's elements lie.</summary>
    public const int Layout = 0x08;

    /// <summary>How chunks are compressed.</summary>
    public const int FilterPipeline = 0x0B;

    /// <summary>A named value.</summary>
    public const int Attribute = 0x0C;

    /// <summary>More messages elsewhere.</summary>
    public const int Continuation = 0x10;

    /// <summary>A group's children, of the older kind.</summary>
    public const int SymbolTable = 0x11;

    /// <summary>Where attributes lie when they are many.</summary>
    public const int AttributeInfo = 0x15;
}
