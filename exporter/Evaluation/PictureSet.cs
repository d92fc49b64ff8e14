using ResNetEdge.Engines;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Pictures that are looked at again and again, as network inputs: kept in memory up to a bound, else read again. Not thread-safe.</summary>
/// <param name="pictures">Stay the caller's.</param>
internal sealed class PictureSet(Pictures pictures)
{
    private const long MaxBytes = 256 << 20;

    private readonly Dictionary<int, float[]> _kept = [];
    private long _bytes;

    /// <summary>Number of pictures.</summary>
    public int Count => pictures.Count;

    /// <summary>Writes a picture into an engine's first input.</summary>
    /// <param name="engine">Takes pictures.</param>
    /// <param name="picture">0 .. Count-1.</param>
    /// <exception cref="EdgeException">Exit 3: the file is not a picture.</exception>
    public void Feed(IEngine engine, int picture) => engine.SetInput<float>(0, Read(picture));

    private float[] Read(int picture)
    {
        if (_kept.TryGetValue(picture, out float[]? values)) return values;
        values = pictures.Read(picture);
        if ((_bytes += values.Length * sizeof(float)) <= MaxBytes) _kept.Add(picture, values);
        return values;
    }
}
