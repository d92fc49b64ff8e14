using ResNetEdge.CommandLine;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// A global that a pickle may name: a storage class, or a function that makes a plain value from plain arguments. Nothing is ever executed.
/// </summary>
/// <param name="Name">Module and name as pickled, e.g. <c>torch._utils._rebuild_tensor_v2</c>.</param>
/// <param name="Call">Arguments to value; null when the global can only be mentioned.</param>
/// <param name="StorageType">The element type when the global is a storage class.</param>
internal sealed record PickleGlobal(string Name, Func<Unpickler, object?[], object?>? Call, StoredType? StorageType = null);
