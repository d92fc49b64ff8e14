namespace ResNetEdge.Steps;

/// <summary>Bytes of the arena that a kernel may overwrite while it runs and that hold nothing before and after; at a multiple of 64.</summary>
/// <param name="Offset">Bytes from the arena's base.</param>
/// <param name="Bytes">Size, for all parts together.</param>
internal readonly record struct Scratch(long Offset, long Bytes);
