namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>A numpy dtype as pickled; checkpoints have it where they keep an accuracy as a numpy scalar.</summary>
/// <param name="Code">Kind and size, e.g. <c>f8</c>.</param>
internal sealed record PickledDtype(string Code)
{
    /// <summary>Bytes of one element.</summary>
    public int Size => Code[1] - '0';

    /// <summary>Whether scalars of that kind can be read.</summary>
    public static bool IsKnown(string code) => code is "f8" or "f4" or "f2" or "i8" or "i4" or "i2" or "i1" or "u1" or "b1";

    /// <summary>Whether the state that a pickle gives a dtype says little-endian, or a single byte.</summary>
    public static bool IsLittleEndian(object? state) => state is object?[] and [_, "<" or "|" or "=", ..];
}
