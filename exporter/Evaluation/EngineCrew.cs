using ResNetEdge.Engines;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Engines of one network for several pictures at a time, one thread each; the fused ones share plan and packed weights.</summary>
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
        var options = new EngineOptions();
        try
        {
            _engines.Add(EngineTable.Load(name, model, options).Engine);
            while (_engines.Count < count) _engines.Add(_engines[0] is FusedEngine fused ? fused.Another(options) : EngineTable.Load(_engines[0].Name, model, options).Engine);
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
        for (int i = _engines.Count - 1; i >= 0; i--) _engines[i].Dispose(); // the first one owns what the others share
        _engines.Clear();
    }
}
