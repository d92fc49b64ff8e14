using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>Hands out a checkpoint's parameters by name, once each, and knows which were never asked for.</summary>
internal sealed class ParameterSource(StateDict weights)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>The checkpoint's path, for messages.</summary>
    public string FileName => weights.FileName;

    /// <summary>Parameters handed out so far.</summary>
    public int Taken => _taken.Count;

    /// <summary>Values of the parameters that training adjusts: weights and biases, not running statistics.</summary>
    public long TrainableCount { get; private set; }

    /// <summary>The first parameter in the file's order that nobody asked for, or null.</summary>
    public string? FirstLeft => weights.Names.FirstOrDefault(n => !_taken.Contains(n));

    /// <summary>Whether the checkpoint has that parameter.</summary>
    public bool Has(string name) => weights.Has(name);

    /// <summary>The first of several spellings that the checkpoint has, else the first: its absence is reported then.</summary>
    public string FirstPresent(string suffix, params ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
            if (Has(prefix + suffix)) return prefix;
        return prefixes[0];
    }

    /// <summary>A parameter's shape, without taking it.</summary>
    /// <exception cref="MismatchException">Missing, or of another rank.</exception>
    public Shape Peek(string name, int rank)
    {
        var tensor = weights[name] ?? throw new MismatchException(name, "is missing");
        return tensor.Shape.Rank == rank ? tensor.Shape : throw new MismatchException(name, $"has shape {tensor.Shape} where {rank} dimensions belong");
    }

    /// <summary>Takes a parameter of floats with exactly that shape.</summary>
    /// <exception cref="MismatchException">Missing, of another shape, or of integers.</exception>
    public Tensor Take(string name, Shape shape, bool trainable = true)
    {
        var tensor = weights[name] ?? throw new MismatchException(name, "is missing");
        if (tensor.Shape != shape) throw new MismatchException(name, $"has shape {tensor.Shape} where {shape} belongs");
        if (tensor.Type is not (ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16))
            throw new MismatchException(name, $"holds {tensor.Type} where floats belong");
        _taken.Add(name);
        if (trainable) TrainableCount += shape.ElementCount;
        return tensor;
    }

    /// <summary>Takes a parameter if it is there, whatever it is: one that inference does not need.</summary>
    public void Skip(string name)
    {
        if (Has(name)) _taken.Add(name);
    }
}
