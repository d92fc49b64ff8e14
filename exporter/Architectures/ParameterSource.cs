using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// Hands out a checkpoint's parameters by name and keeps account: how many fit, which was the first that did not, which were never asked for.
/// A parameter that does not fit is recorded and building goes on, so that families can be compared by how much of them was found.
/// </summary>
internal sealed class ParameterSource(StateDict weights)
{
    /// <summary>Enough for a message.</summary>
    public const int MaxMismatches = 3;

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<Mismatch> _mismatches = [];

    /// <summary>The checkpoint's path, for messages.</summary>
    public string FileName => weights.FileName;

    /// <summary>Parameters that fit so far.</summary>
    public int Fitted { get; private set; }

    /// <summary>Those that did not, in the order in which they were found; at most <see cref="MaxMismatches"/>.</summary>
    public IReadOnlyList<Mismatch> Mismatches => _mismatches;

    /// <summary>How many did not.</summary>
    public int MismatchCount { get; private set; }

    /// <summary>Values of the parameters that training adjusts: weights and biases, not running statistics.</summary>
    public long TrainableCount { get; private set; }

    /// <summary>
    /// The parameters that nobody asked for, in the file's order. Integers are not weights but counters; and a tensor outside the network's modules
    /// that shares its elements with one that was asked for is that one again, in a module that two attributes hold.
    /// </summary>
    public IEnumerable<string> Left
    {
        get
        {
            var taken = _asked.Select(n => weights[n]).OfType<Tensor>().Select(t => t.Bytes).ToHashSet();
            var modules = _asked.Select(Module).ToHashSet(StringComparer.Ordinal);
            return weights.Names.Where(
                n => !_asked.Contains(n) && IsFloat(weights[n]!) && (modules.Contains(Module(n)) || !taken.Contains(weights[n]!.Bytes)));
        }
    }

    /// <summary>Names that fit a test and whose tensors have that rank, each tensor once.</summary>
    public IEnumerable<string> Distinct(Func<string, bool> fits, int rank) =>
        weights.Names.Where(n => fits(n) && weights[n]!.Shape.Rank == rank).DistinctBy(n => weights[n]!.Bytes);

    /// <summary>What the file holds beside the network.</summary>
    public IReadOnlyList<string> LeftOut => weights.LeftOut;

    /// <summary>Whether the checkpoint has that parameter.</summary>
    public bool Has(string name) => weights.Has(name);

    /// <summary>
    /// The first of several prefixes under which the checkpoint has a parameter of that suffix, else the first of all: its absence is recorded then.
    /// </summary>
    public string FirstPresent(string suffix, params ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
            if (Has(prefix + suffix)) return prefix;
        return prefixes[0];
    }

    /// <summary>A parameter's dimensions, without taking it.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="otherwise">What to go on with when it is missing or of another rank, which is recorded.</param>
    public ReadOnlySpan<int> Peek(string name, params int[] otherwise)
    {
        if (weights[name] is not { } tensor) Misfit(name, "is missing");
        else if (tensor.Shape.Rank != otherwise.Length) Misfit(name, $"has shape {tensor.Shape} where {otherwise.Length} dimensions are expected");
        else return tensor.Shape.Dimensions;
        return otherwise;
    }

    /// <summary>Takes a parameter of floats of exactly those dimensions; null, and recorded, when there is none.</summary>
    public Tensor? Take(string name, ReadOnlySpan<int> dimensions, bool trainable = true)
    {
        _asked.Add(name);
        if (weights[name] is not { } tensor) Misfit(name, "is missing");
        else if (!tensor.Shape.Dimensions.SequenceEqual(dimensions))
            Misfit(name, $"has shape {tensor.Shape} where {string.Join('x', dimensions.ToArray())} is expected");
        else if (!IsFloat(tensor)) Misfit(name, $"holds {tensor.Type} where floats are expected");
        else
        {
            Fitted++;
            if (trainable) TrainableCount += tensor.Shape.ElementCount;
            return tensor;
        }

        return null;
    }

    /// <summary>Takes a parameter if it exists, whatever it is: one that inference does not need.</summary>
    public void Skip(string name)
    {
        if (Has(name) && _asked.Add(name)) Fitted++;
    }

    /// <summary>Records that a parameter does not fit.</summary>
    public void Misfit(string name, string reason)
    {
        if (_mismatches.Exists(m => m.Parameter == name)) return;
        MismatchCount++;
        if (_mismatches.Count < MaxMismatches) _mismatches.Add(new Mismatch(name, reason));
    }

    private static string Module(string name) => name.Split('.', 2)[0];

    private static bool IsFloat(Tensor tensor) =>
        tensor.Type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;
}
