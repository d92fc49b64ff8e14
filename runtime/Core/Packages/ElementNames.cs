using ResNetEdge.Model;

namespace ResNetEdge.Packages;

/// <summary>Element types as numpy names them, in words and in .npy headers.</summary>
internal static class ElementNames
{
    private static readonly (ElementType Type, string Name, string Descr)[] All =
    [
        (ElementType.Float32, "float32", "<f4"),
        (ElementType.Float64, "float64", "<f8"),
        (ElementType.Float16, "float16", "<f2"),
        (ElementType.Int64, "int64", "<i8"),
        (ElementType.Int32, "int32", "<i4"),
        (ElementType.UInt64, "uint64", "<u8"),
        (ElementType.UInt32, "uint32", "<u4"),
        (ElementType.Int16, "int16", "<i2"),
        (ElementType.UInt16, "uint16", "<u2"),
        (ElementType.UInt8, "uint8", "|u1"),
        (ElementType.Int8, "int8", "|i1"),
        (ElementType.Bool, "bool", "|b1"),
    ];

    /// <summary>The type's name, e.g. <c>float32</c>.</summary>
    /// <exception cref="ArgumentException">numpy has no such type (bfloat16).</exception>
    public static string Name(ElementType type) => Find(e => e.Type == type, type).Name;

    /// <summary>The type in a .npy header, e.g. <c>&lt;f4</c>.</summary>
    /// <exception cref="ArgumentException">numpy has no such type (bfloat16).</exception>
    public static string Descr(ElementType type) => Find(e => e.Type == type, type).Descr;

    /// <summary>The type of a name.</summary>
    public static bool TryParse(string name, out ElementType type) => (type = All.FirstOrDefault(e => e.Name == name).Type) != ElementType.Undefined;

    /// <summary>The type of a .npy header's <c>descr</c>; one-byte types have any byte order.</summary>
    public static bool TryParseDescr(string descr, out ElementType type) =>
        (type = All.FirstOrDefault(e => e.Descr == descr || (e.Descr[0] == '|' && descr.Length == 3 && descr[1..] == e.Descr[1..])).Type)
            != ElementType.Undefined;

    private static (ElementType Type, string Name, string Descr) Find(
        Func<(ElementType Type, string Name, string Descr), bool> match, ElementType type) =>
            Array.Find(All, e => match(e)) is { Type: not ElementType.Undefined } found ? found : throw new ArgumentException($"numpy has no {type}");
}
