using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>What a network is run on while it is calibrated: pictures, or arrays for a network whose input is no picture. Not thread-safe.</summary>
internal abstract class Samples : IDisposable
{
    /// <summary>How many there are.</summary>
    public abstract int Available { get; }

    /// <summary>How many are used.</summary>
    public abstract int Count { get; }

    /// <summary>Writes sample number <paramref name="index"/> into an engine's inputs.</summary>
    /// <exception cref="EdgeException">Exit 3: the file cannot be read or does not fit.</exception>
    public abstract void Feed(IEngine engine, int index);

    /// <summary>Sample number <paramref name="index"/> as values of the first inputs, of as many as it has.</summary>
    /// <exception cref="EdgeException">As <see cref="Feed"/>.</exception>
    public abstract Tensor[] Inputs(int index, IReadOnlyList<TensorInfo> inputs);

    /// <summary>Frees what reading needs.</summary>
    public virtual void Dispose()
    {
    }
}
