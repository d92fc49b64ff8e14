using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge;

/// <summary>
/// A model whose inputs have open dimensions, at whatever shape comes next: it keeps a session for each of the shapes asked for last. A shape that
/// is kept is found without allocating; another is planned, as <see cref="Session.Open"/> does, and the one not used for longest is closed for it.
/// </summary>
/// <remarks>Thread-safe. Every shape has its own activations, packed weights and states.</remarks>
/// <example>
/// <code>
/// using var sessions = new ShapedSessions("detector.onnx");
/// sessions.At("image", 1, 3, height, width).Run(picture, boxes);
/// </code>
/// </example>
public sealed class ShapedSessions : IDisposable
{
    /// <summary>How many shapes are kept where nothing is said.</summary>
    public const int DefaultShapes = 4;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SessionOptions _options;
    private readonly List<Entry> _entries = []; // the one used last comes first
    private readonly byte[] _content;
    private bool _disposed;

    /// <summary>Looks at the model; the first shape plans it.</summary>
    /// <param name="path">
    /// A package (folder or .zip) or a bare .onnx file. It is read for each shape that is not kept, so it must stay what it is.
    /// </param>
    /// <param name="options">
    /// As for <see cref="Session.Open"/>; its shapes hold for inputs that <see cref="At(string, ReadOnlySpan{int})"/> does not name.
    /// </param>
    /// <exception cref="EdgeException">As for <see cref="Session.Open"/>.</exception>
    public ShapedSessions(string path, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        (_path, _options, _content) = (path, options ?? new SessionOptions(), Content(path));
    }

    /// <summary>How many shapes are kept at most.</summary>
    public int MostShapes { get; init; } = DefaultShapes;

    /// <summary>
    /// How many bytes the plans that are kept may have together, in activations and packed weights; the shape asked for is always kept. The engine
    /// onnxruntime does not say what it uses, so only <see cref="MostShapes"/> bounds it.
    /// </summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <summary>Shapes that are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>The session for a shape of one input; dimensions of the same name in other inputs get the same size.</summary>
    /// <param name="input">Name of the input.</param>
    /// <param name="shape">Its whole shape.</param>
    /// <returns>Closed by this object once enough other shapes have been asked for; so ask again before each call rather than keep it.</returns>
    /// <exception cref="EdgeException">
    /// As for <see cref="Session.Open"/>; or Refused: the model is no longer the one that was there at first.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This object was disposed of.</exception>
    public Session At(string input, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(input);
        lock (_lock)
        {
            for (int i = 0; i < _entries.Count; i++)
            {
                var shapes = _entries[i].Shapes;
                if (shapes.Count == 1 && shapes.TryGetValue(input, out var kept) && kept.Dimensions.SequenceEqual(shape)) return Use(i);
            }

            return Plan(new(StringComparer.Ordinal) { [input] = new Shape(shape) });
        }
    }

    /// <summary>The session for shapes of several inputs.</summary>
    /// <param name="shapes">Whole shapes, by input name.</param>
    /// <inheritdoc cref="At(string, ReadOnlySpan{int})"/>
    public Session At(IReadOnlyDictionary<string, Shape> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        lock (_lock)
        {
            for (int i = 0; i < _entries.Count; i++)
                if (AreEqual(_entries[i].Shapes, shapes)) return Use(i);
            return Plan(new(shapes, StringComparer.Ordinal));
        }
    }

    /// <summary>Closes all sessions, as <see cref="Session.Dispose"/> does.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var entry in _entries) entry.Session.Dispose();
            _entries.Clear();
        }
    }

    private Session Use(int index)
    {
        var entry = _entries[index];
        if (index > 0)
        {
            _entries.RemoveAt(index);
            _entries.Insert(0, entry);
        }

        return entry.Session;
    }

    private Session Plan(Dictionary<string, Shape> shapes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!Content(_path).AsSpan().SequenceEqual(_content))
            throw EdgeException.Refused($"{_path}: has changed since it was opened; open it again for other shapes");
        var all = new Dictionary<string, Shape>(_options.Shapes, StringComparer.Ordinal);
        foreach (var (name, shape) in shapes) all[name] = shape;
        var session = Session.Open(_path, _options with { Shapes = all });
        _entries.Insert(0, new(shapes, session));
        while (_entries.Count > 1 && (_entries.Count > MostShapes || _entries.Sum(static e => e.Session.MemoryBytes) > MostBytes))
        {
            _entries[^1].Session.Dispose();
            _entries.RemoveAt(_entries.Count - 1);
        }

        return session;
    }

    private static bool AreEqual(Dictionary<string, Shape> kept, IReadOnlyDictionary<string, Shape> asked)
    {
        if (kept.Count != asked.Count) return false;
        foreach (var (name, shape) in kept)
            if (!asked.TryGetValue(name, out var other) || shape != other) return false;
        return true;
    }

    // What tells a model from another: a package's manifest has its files' checksums, of a bare file there are size and time.
    private static byte[] Content(string path)
    {
        using var package = Package.Open(path);
        if (package.Manifest is not null) return package.ManifestBytes.ToArray();
        var file = new FileInfo(path);
        return file.Exists ? [.. BitConverter.GetBytes(file.Length), .. BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks)] : [];
    }

    private sealed record Entry(Dictionary<string, Shape> Shapes, Session Session);
}
