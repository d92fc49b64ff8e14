namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// The globals of plain containers that training scripts keep beside the weights: parsed arguments, hyper-parameters, histories, paths. What they
/// hold is read as far as it must be to get past it, and nothing of it is looked at.
/// </summary>
internal static class PickledSettings
{
    private static readonly string[] BuiltinTypes = ["list", "dict", "int", "float", "str", "bool", "object"];
    private static readonly string[] TorchTypes = ["float16", "bfloat16", "float32", "float64", "int32", "int64", "uint8", "bool"];

    /// <summary>One entry per global.</summary>
    public static IReadOnlyList<PickleGlobal> Globals { get; } =
    [
        new("argparse.Namespace", static (_, _) => new PickledDictionary()),
        new("types.SimpleNamespace", static (_, _) => new PickledDictionary()),
        new("pytorch_lightning.utilities.parsing.AttributeDict", static (_, _) => new PickledDictionary()),
        new("lightning.pytorch.utilities.parsing.AttributeDict", static (_, _) => new PickledDictionary()),
        new("lightning_fabric.utilities.data.AttributeDict", static (_, _) => new PickledDictionary()),
        new("lightning.fabric.utilities.data.AttributeDict", static (_, _) => new PickledDictionary()),
        new("collections.defaultdict", static (_, _) => new PickledDictionary()),
        new("collections.Counter", static (_, _) => new PickledDictionary()),
        new("pathlib.PosixPath", static (_, _) => new PickledDictionary()),
        new("pathlib._local.PosixPath", static (_, _) => new PickledDictionary()),
        new("torch.device", static (_, _) => new PickledDictionary()),
        new("numpy.core.multiarray._reconstruct", static (_, _) => new PickledDictionary()),
        new("numpy._core.multiarray._reconstruct", static (_, _) => new PickledDictionary()),
        new("numpy.ndarray", null),
        .. Builtins("set", static (_, args) => args is [List<object?> members] ? members : new List<object?>()),
        .. BuiltinTypes.SelectMany(static name => Builtins(name, null)),
        .. TorchTypes.Select(static type => new PickleGlobal($"torch.{type}", null)),
    ];

    // Python 2, and protocol 2 of Python 3, call the module of built-in names __builtin__.
    private static PickleGlobal[] Builtins(string name, Func<Unpickler, object?[], object?>? call) =>
        [new($"builtins.{name}", call), new($"__builtin__.{name}", call)];
}
