using ResNetEdge.Engines;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Engines of one network for several pictures at a time, one thread each, on one copy of the weights.</summary>
internal sealed class EngineCrew : IDisposable
{
    private readonly List<IEngine> _engines = [];

    /// <summary>Loads a network.</summary>
    /// <param name="name">Name of an engine, or <c>auto</c>.</param>
    /// <param name="model">The network.</param>
    /// <param name="count">Engines; at least 1.</param>
    /// <exception cref="EdgeException">Exit 2, 3 or 5, as <see cref="EngineTable.Load"/> says.</exception>
    public EngineCrew(string name, ModelSource model, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        try
        {
            _engines.Add(EngineTable.Load(name, model, new EngineOptions()).Engine);
            while (_engines.Count < count) _engines.Add(_engines[0].Fork());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The engines.</summary>
    public IReadOnlyList<IEngine> Engines => _engines;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var engine in _engines) engine.Dispose();
        _engines.Clear();
    }
}
