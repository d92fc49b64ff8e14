using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge;

/// <summary>
/// How a model is opened: which engine, which level of its ladder, which shapes; and what <see cref="EngineOptions"/> has of threads and kernels.
/// </summary>
public sealed record SessionOptions : EngineOptions
{
    /// <summary>
    /// The engine: <c>fused</c> (the default: our own, managed code), <c>onnxruntime</c> (ONNX Runtime's shared library, which must be on the
    /// machine), or <c>auto</c>, the best that can run the whole model. An engine asked for by name is never replaced by another.
    /// </summary>
    public string Engine { get; init; } = FusedEngine.EngineName;

    /// <summary>
    /// Level of the package's ladder: 0 for the whole network, up to <see cref="Package.Levels"/> for one with more residual blocks hidden. A program
    /// that must become faster while it runs opens a session for each level that it may need, and changes between them from one call to the next.
    /// </summary>
    public int Level { get; init; }

    /// <summary>
    /// Whole shapes for inputs of which the model leaves dimensions open, by input name; they hold as long as the session lives. An open batch that
    /// is not named here is 1; any other open dimension must be. Dimensions that the model gives one name (<c>N</c>) get one size in all inputs.
    /// </summary>
    public IReadOnlyDictionary<string, Shape> Shapes { get; init; } = new Dictionary<string, Shape>();

    /// <summary>
    /// States that the session keeps from run to run, for a model that does not name them itself, as a package's manifest can: such outputs are given
    /// to their inputs, and neither is seen by callers.
    /// </summary>
    public IReadOnlyList<ModelState> States { get; init; } = [];
}
