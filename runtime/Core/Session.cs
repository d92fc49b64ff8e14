using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge;

/// <summary>
/// A network ready to run: open a package or an ONNX file once, run it as often as wanted. Thread-safe: calls from several threads
/// take turns; <see cref="Fork"/> gives a session that shares the packed weights and runs at the same time. After opening, no call
/// allocates managed memory.
/// </summary>
/// <example>
/// <code>
/// using var session = Session.Open("package");
/// var logits = new float[session.Outputs[0].Shape.ElementCount];
/// session.Run(picture, logits);
/// </code>
/// </example>
public sealed class Session : IDisposable
{
    private readonly Lock _turn = new();
    private readonly EngineOptions _options;
    private readonly SharedModel _model;
    private readonly FusedEngine _engine;
    private bool _disposed;

    private Session(SharedModel model, EngineOptions options)
    {
        (_model, _options) = (model, options);
        _engine = new FusedEngine(model.Acquire(), options);
    }

    /// <summary>What <see cref="Run"/> takes, as the model declares it; batch 1 where the batch is free. Pictures are N C H W.</summary>
    public IReadOnlyList<TensorInfo> Inputs => _engine.Inputs;

    /// <summary>What <see cref="Run"/> gives.</summary>
    public IReadOnlyList<TensorInfo> Outputs => _engine.Outputs;

    /// <summary>Opens a package (folder or .zip) or a bare .onnx file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="options">Threads and kernel tier; null for one thread and the best tier.</param>
    /// <exception cref="EdgeException">Exit 3: missing, damaged, or uses what is not supported. Exit 4: not the file that its manifest describes. Exit 5: the tier asked for is not there.</exception>
    public static Session Open(string path, EngineOptions? options = null) => Open(path, 0, options);

    /// <summary>Opens a package at a level of its ladder: the network with some of its residual blocks hidden.</summary>
    /// <param name="path">Where the package lies.</param>
    /// <param name="level">0 for the whole network, up to <see cref="Package.Levels"/>.</param>
    /// <param name="options">Threads and kernel tier; null for one thread and the best tier.</param>
    /// <remarks>A service that must become faster at run time opens a session for each level that it may need, and changes between them from one call to the next.</remarks>
    /// <exception cref="EdgeException">As above; exit 2 when there is no such level.</exception>
    public static Session Open(string path, int level, EngineOptions? options = null)
    {
        using var package = Package.Open(path);
        options ??= new EngineOptions();
        return new Session(new SharedModel(FusedModel.Load(package.ModelAt(level), options)), options);
    }

    /// <summary>Plans a graph for this machine.</summary>
    /// <param name="graph">The network; not changed.</param>
    /// <param name="options">Threads and kernel tier; null for one thread and the best tier.</param>
    /// <exception cref="EdgeException">Exit 3: the network uses what is not supported; the node is named. Exit 5: the tier asked for is not there.</exception>
    public static Session Create(Graph graph, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new EngineOptions();
        return new Session(new SharedModel(new FusedModel(graph, options)), options);
    }

    /// <summary>Runs a network of one input and one output.</summary>
    /// <param name="input">Row-major in the input's shape; already normalised.</param>
    /// <param name="output">Receives the output, row-major in its shape.</param>
    /// <exception cref="ArgumentException">A span's length differs from the shape's element count, or the network has several inputs or outputs.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        if (Inputs.Count != 1 || Outputs.Count != 1)
            throw new ArgumentException($"the network has {Inputs.Count} inputs and {Outputs.Count} outputs; this call is for one of each");
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _engine.SetInput(0, input);
            _engine.Run();
            _engine.GetOutput(0, output);
        }
    }

    /// <summary>A further session on the same packed weights with its own activations: the two may run at the same time.</summary>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public Session Fork()
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new Session(_model, _options);
        }
    }

    /// <summary>Closes the session; the weights are freed with the last session that shares them.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (_disposed) return;
            _disposed = true;
            _engine.Dispose();
            _model.Release();
        }
    }

    /// <summary>Counts the sessions on a model.</summary>
    private sealed class SharedModel(FusedModel model)
    {
        private int _sessions;

        public FusedModel Acquire()
        {
            Interlocked.Increment(ref _sessions);
            return model;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _sessions) == 0) model.Dispose();
        }
    }
}
