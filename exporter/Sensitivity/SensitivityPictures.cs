using ResNetEdge.Engines;

namespace ResNetEdge.Exporter.Sensitivity;

/// <summary>Pictures that a sensitivity report may look at.</summary>
/// <param name="Count">How many there are; at least 1.</param>
/// <param name="Feed">Writes picture number i into an engine's inputs.</param>
/// <param name="Classes">The right class of each, or null.</param>
internal sealed record SensitivityPictures(int Count, Action<IEngine, int> Feed, int[]? Classes = null)
{
    /// <summary>Some of them, evenly spread.</summary>
    public SensitivityPictures Take(int count)
    {
        int few = Math.Min(count, Count);
        int Place(int i) => (int)((long)i * Count / few);
        return new(few, (engine, i) => Feed(engine, Place(i)), Classes is null ? null : [.. Enumerable.Range(0, few).Select(i => Classes[Place(i)])]);
    }
}
