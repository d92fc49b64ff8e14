using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>An element type.</summary>
/// <param name="Class">Kind, as numbered in the specification.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Element">The same as a tensor's type, or null when no tensor holds it.</param>
/// <param name="IsVariableText">Text of variable length.</param>
internal sealed record Hdf5Datatype(int Class, int Size, ElementType? Element, bool IsVariableText)
{
    /// <summary>Class of integer types.</summary>
    public const int FixedPoint = 0;

    /// <summary>Class of floating-point types.</summary>
    public const int FloatingPoint = 1;

    /// <summary>Text of fixed length.</summary>
    public const int String = 3;

    /// <summary>Text or lists of variable length.</summary>
    public const int VariableLength = 9;

    private const int MaxSize = 1 << 24;

    /// <summary>Reads a datatype message.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public static Hdf5Datatype Read(Hdf5Cursor cursor)
    {
        int kind = cursor.Byte() & 0x0F, bits = cursor.Byte();
        cursor.Skip(2);
        uint size = cursor.UInt32();
        if (size is 0 or > MaxSize) throw cursor.Fail($"has elements of {size} bytes");
        bool isLittleEndian = (bits & 1) == 0;
        ElementType? element = (kind, size, isLittleEndian) switch
        {
            (FloatingPoint, 4, true) => ElementType.Float32,
            (FloatingPoint, 2, true) => ElementType.Float16,
            (FloatingPoint, 8, true) => ElementType.Float64,
            (FixedPoint, 8, true) => ElementType.Int64,
            (FixedPoint, 4, true) => ElementType.Int32,
            _ => null,
        };
        return new(kind, (int)size, element, kind == VariableLength && (bits & 0x0F) == 1);
    }
}
