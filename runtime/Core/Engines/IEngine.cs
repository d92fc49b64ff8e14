using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>
/// A loaded network that can run. Not thread-safe: one caller at a time; <c>Session</c> puts a lock around it.
/// Feed every input (by copy or by writing into its buffer), run, read the outputs. No call after construction allocates managed memory.
/// </summary>
/// <remarks>
/// Internal on purpose: <see cref="ImageInput"/> gives out raw memory in a layout that the planner chose, nothing here checks the order of calls, and
/// a device with memory of its own will change the contract. What is public is <c>Session</c>, which is checked and stays
/// (docs/decisions/0041-session.md).
/// </remarks>
internal interface IEngine : IModelOutputs, IDisposable
{
    /// <summary>As on the command line: <c>fused</c>, <c>onnxruntime</c>.</summary>
    string Name { get; }

    /// <summary>Bytes of activations and packed weights; 0 for an engine that does not say.</summary>
    long MemoryBytes => 0;

    /// <summary>What the user should know of how the file was read, a sentence each.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>The model's inputs, as the file declares them (batch 1 where the batch is free).</summary>
    IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>Copies a whole input, row-major in the model's own shape (images N C H W), converting layout and quantising as needed.</summary>
    /// <exception cref="ArgumentException">The element type or count does not fit.</exception>
    void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged;

    /// <summary>Where picture number <paramref name="image"/> of an image input (rank 4) is to be written, so that a picture needs no copy.</summary>
    InputBuffer ImageInput(int index, int image = 0);

    /// <summary>Runs the network on what the inputs hold.</summary>
    void Run();

    /// <summary>Makes the states that the engine keeps from run to run 0 again; most keep none.</summary>
    void ResetStates()
    {
    }

    /// <summary>
    /// A further engine on the same weights, with states, inputs, outputs and activations of its own: the two may run at the same time and be
    /// disposed of in any order.
    /// </summary>
    /// <param name="threads">That share one inference of the further engine, at most as many as the model was loaded for; null: as many. The engine
    /// onnxruntime has one pool of threads for all.</param>
    IEngine Fork(int? threads = null);
}
