namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>An execution provider of ONNX Runtime that its user, the board's vendor or a package of NuGet has put beside the library.</summary>
/// <param name="Name">As given to <c>--provider</c>.</param>
/// <param name="ExecutionProvider">As the library calls it.</param>
/// <param name="Create">Slot of the function that makes its options; those of the following follow their order.</param>
/// <param name="Update">Slot of the function that sets them.</param>
/// <param name="Append">Slot of the function that gives them to a session's options.</param>
/// <param name="Release">Slot of the function that frees them.</param>
internal sealed record OnnxRuntimeProvider(string Name, string ExecutionProvider, int Create, int Update, int Append, int Release)
{
    /// <summary>Those that there are.</summary>
    public static IReadOnlyList<OnnxRuntimeProvider> All { get; } =
    [
        new("cuda", "CUDAExecutionProvider", Create: 205, Update: 206, Append: 204, Release: 208),
        new("tensorrt", "TensorrtExecutionProvider", Create: 171, Update: 172, Append: 170, Release: 174),
    ];

    /// <summary>The provider of that name.</summary>
    /// <exception cref="EdgeException">Usage: there is none.</exception>
    public static OnnxRuntimeProvider Find(string name) => All.FirstOrDefault(p => p.Name == name)
        ?? throw new EdgeException(
            FailureKind.Usage,
            $"unknown provider '{name}' of engine {OnnxRuntimeEngine.EngineName}; known providers: {string.Join(", ", All.Select(p => p.Name))}");
}
