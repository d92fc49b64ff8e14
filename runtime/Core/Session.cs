using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge;

/// <summary>
/// A network ready to run: open a package or an ONNX file once, run it as often as wanted. Any number of inputs and outputs, of any element type, as
/// spans. Thread-safe: calls from several threads take turns; <see cref="Fork"/> gives a session that shares the packed weights and runs at the same
/// time. After opening, no call allocates managed memory.
/// </summary>
/// <example>
/// <code>
/// using var session = Session.Open("package");
/// var logits = new float[session.Outputs[0].Shape.ElementCount];
/// session.Run(picture, logits);
/// </code>
/// Several inputs or outputs:
/// <code>
/// using var call = session.Begin();
/// call.Input("image", picture);
/// call.Input("threshold", threshold);
/// call.Run();
/// call.Output("boxes", boxes);
/// </code>
/// </example>
public sealed class Session : IDisposable
{
    private readonly SessionTurn _turn;

    private Session(IEngine engine, string reason) => (_turn, EngineReason) = (new SessionTurn(engine), reason);

    /// <summary>
    /// What the network takes, in the model's order, every dimension known: pictures are N C H W, an open batch that no option fixed is 1. States
    /// that the session keeps are not among them.
    /// </summary>
    public IReadOnlyList<TensorInfo> Inputs => _turn.Inputs.Infos;

    /// <summary>What the network gives, in the model's order.</summary>
    public IReadOnlyList<TensorInfo> Outputs => _turn.Outputs.Infos;

    /// <summary>Name of the engine that runs it: <c>fused</c> or <c>onnxruntime</c>.</summary>
    public string Engine => _turn.Engine.Name;

    /// <summary>
    /// Why it is this engine, as a sentence for people: asked for by name, the best that runs the whole model, or what the better ones lack.
    /// </summary>
    public string EngineReason { get; }

    /// <summary>Bytes of activations and packed weights; 0 where the engine does not say.</summary>
    internal long MemoryBytes => _turn.Engine.MemoryBytes;

    /// <summary>What the user should know of how the model was read, a sentence each; mostly empty.</summary>
    public IReadOnlyList<string> Notes => _turn.Engine.Notes;

    /// <summary>Opens a package (folder or .zip) or a bare .onnx file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="options">
    /// Engine, level, shapes, threads, kernel tier; null for the fused engine, the whole network, one thread and the best tier.
    /// </param>
    /// <exception cref="EdgeException">
    /// Its <see cref="EdgeException.Kind"/> says whose fault it is. BadInput: the model is missing, damaged, larger than a model may be, or uses what
    /// is not supported. Usage: there is no such engine or level, or shapes or states do not fit the model. Refused: not the file that its manifest
    /// describes. Unavailable: the engine or kernel tier is not on this machine.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer threads than one.</exception>
    public static Session Open(string path, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new SessionOptions();
        using var package = Package.Open(path, null, new InputShapes(options.Shapes));
        return Load(package.ModelAt(options.Level), options, package.StatesOr(options.States));
    }

    /// <summary>Opens a network that is in memory.</summary>
    /// <param name="graph">The network; not changed.</param>
    /// <param name="options">As for <see cref="Open"/>; a graph has no ladder, and its shapes are its own.</param>
    /// <exception cref="EdgeException">
    /// BadInput: the network uses what is not supported; the node is named. Usage and Unavailable: as for <see cref="Open"/>.
    /// </exception>
    /// <exception cref="ArgumentException">A level or shapes are given.</exception>
    public static Session Create(Graph graph, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new SessionOptions();
        if (options.Level != 0 || options.Shapes.Count > 0)
            throw new ArgumentException("a graph has no ladder and no open dimensions; leave out Level and Shapes", nameof(options));
        return Load(new ModelSource(graph.Name, () => graph), options, options.States);
    }

    /// <summary>Takes the turn, waiting for it as long as others have theirs: for a network of several inputs or outputs.</summary>
    /// <returns>What to give inputs to; dispose of it to let others go on.</returns>
    /// <exception cref="InvalidOperationException">This thread has a call on this session already, which would wait for itself.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public SessionCall Begin() => new(_turn, _turn.Begin());

    /// <summary>Runs a network of one input and one output.</summary>
    /// <param name="input">Row-major in the input's shape; already normalised.</param>
    /// <param name="output">Receives the output, row-major in its shape.</param>
    /// <typeparam name="TInput">C#'s type for the input's element type: <c>float</c> for Float32, <c>byte</c> for UInt8, and so on.</typeparam>
    /// <typeparam name="TOutput">C#'s type for the output's element type.</typeparam>
    /// <exception cref="ArgumentException">
    /// A span's type or length differs from what the network has, or the network has several inputs or outputs.
    /// </exception>
    /// <exception cref="InvalidOperationException">This thread has a call on this session already.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    /// <exception cref="EdgeException">The engine failed on this input.</exception>
    public void Run<TInput, TOutput>(ReadOnlySpan<TInput> input, Span<TOutput> output) where TInput : unmanaged where TOutput : unmanaged
    {
        if (Inputs.Count != 1 || Outputs.Count != 1)
            throw new ArgumentException($"the network has {Inputs.Count} inputs and {Outputs.Count} outputs; use {nameof(Begin)} for them");
        _turn.Outputs.Check<TOutput>(0, output.Length);
        using var call = Begin();
        call.Input(0, input);
        call.Run();
        call.Output(0, output);
    }

    /// <summary>
    /// Makes the network's states 0 again, as they are after opening: for the start of another stream. A network without states is left as it is.
    /// Waits for a call of another thread to end.
    /// </summary>
    /// <exception cref="InvalidOperationException">This thread has a call on this session, which has a method for it.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public void ResetStates()
    {
        using var call = Begin();
        call.ResetStates();
    }

    /// <summary>
    /// A further session on the same packed weights with its own activations and its own states, which are 0: the two may run at the same time, and
    /// may be closed in any order. Waits for a call of another thread to end.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public Session Fork() => new(_turn.Fork(), EngineReason);

    /// <summary>
    /// Closes the session, once the calls of other threads that have their turn have ended; those that wait and come later get an
    /// <see cref="ObjectDisposedException"/>. The weights are freed with the last session that shares them.
    /// </summary>
    public void Dispose() => _turn.Dispose();

    private static Session Load(ModelSource model, SessionOptions options, IReadOnlyList<ModelState> states)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options.Threads));
        var loaded = EngineTable.Load(options.Engine, model, options);
        return new Session(StatefulEngine.Over(loaded.Engine, states), loaded.Reason);
    }
}
