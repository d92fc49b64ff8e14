namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>A storage that a pickle refers to: a flat run of elements kept outside the pickle. Tensors are views of it.</summary>
/// <param name="Key">The storage's name within its file.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Count">Elements that the pickle claims; the reader checks the claim against the file before it hands out bytes.</param>
/// <param name="Offset">Where the storage begins within the bytes of its key, in elements (legacy files have views of storages).</param>
internal sealed record PickledStorage(string Key, StoredType Type, long Count, long Offset);
