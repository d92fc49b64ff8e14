namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// The library's session: a model loaded and optimised, with its weights. Runs may go through it at the same time, each on values of its own. Whoever
/// made it and every engine on it disposes of it once, and the last of them frees it.
/// </summary>
internal sealed unsafe class OnnxRuntimeSession : IDisposable
{
    private readonly OnnxRuntimeApi _api;
    private int _users = 1;

    /// <summary>Loads a model.</summary>
    /// <exception cref="EdgeException">Unavailable: the library lacks what the model needs. BadInput: it refuses the model.</exception>
    public OnnxRuntimeSession(OnnxRuntimeApi api, ModelSource model, int threads, string what)
    {
        _api = api;
        Handle = api.CreateSession(model.Path == null ? model.Bytes.Span : default, model.Path, threads, what);
    }

    /// <summary>The library's <c>OrtSession</c>.</summary>
    public void* Handle { get; }

    /// <summary>Counts a further user.</summary>
    public void Share() => Interlocked.Increment(ref _users);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0) _api.ReleaseSession(Handle);
    }
}
