using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Pictures on their way through a network: their activations at one value, kept, so that a layer far behind
/// need not run everything before it again. Begins at the pictures themselves. Where the activations would
/// take too much memory, or what is wanted also depends on what lies before them, the pictures are run whole.
/// </summary>
internal sealed class ActivationStream
{
    private const long MaxBytes = 512 << 20;

    private readonly PictureSet _pictures;
    private readonly int[] _indices;
    private readonly string? _value; // null for the pictures themselves
    private readonly float[][]? _maps; // [picture][elements of the value]

    /// <summary>Begins at the pictures.</summary>
    /// <param name="pictures">All there are.</param>
    /// <param name="stride">Takes every so many-th.</param>
    public ActivationStream(PictureSet pictures, int stride) =>
        (_pictures, _indices) = (pictures, [.. Enumerable.Range(0, (pictures.Count + stride - 1) / stride).Select(i => i * stride)]);

    private ActivationStream(ActivationStream before, string value, float[][] maps)
        : this(before._pictures, 1) => (_indices, _value, _maps) = (before._indices, value, maps);

    /// <summary>Pictures in the stream.</summary>
    public int Count => _indices.Length;

    /// <summary>Makes ready to run the stream's pictures up to some values.</summary>
    /// <param name="graph">The network in which the stream's value was made, or another that makes it in the same way.</param>
    /// <param name="values">Float values of rank 4 and batch 1.</param>
    public ActivationTap Tap(Graph graph, params IReadOnlyList<string> values)
    {
        var wanted = Calibrator.WithOutputs(graph, [.. values.Distinct()]);
        return _value is not null && Cut(wanted, _value) is { } rest
            ? new(rest, (engine, i) => engine.SetInput<float>(0, _maps![i]))
            : new(wanted, (engine, i) => _pictures.Feed(engine, _indices[i]));
    }

    /// <summary>Runs all pictures up to a value; the stream goes on from there.</summary>
    public ActivationStream Advance(Graph graph, string value)
    {
        using var tap = Tap(graph, value);
        if ((long)tap.Map(value).Values.Length * sizeof(float) * Count > MaxBytes) return new(_pictures, 1, _indices);
        float[][] maps = new float[Count][];
        for (int i = 0; i < maps.Length; i++)
        {
            tap.Run(i);
            maps[i] = tap.Map(value).Values.ToArray();
        }

        return new(this, value, maps);
    }

    private ActivationStream(PictureSet pictures, int stride, int[] indices) : this(pictures, stride) => _indices = indices;

    // The part of a graph behind a value, which becomes its only input; null when more than that value is needed.
    private static Graph? Cut(Graph graph, string value)
    {
        var info = ShapeInference.Infer(graph)[value];
        var rest = graph.Clone();
        rest.Nodes.RemoveAll(n => n.Outputs.Contains(value));
        var before = rest.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        rest.Inputs.Clear();
        rest.Inputs.Add(info);
        for (int i = 0; i < rest.Outputs.Count; i++)
        {
            if (rest.Outputs[i].Name != value) continue;
            string copy = rest.Add(new Node(OpTypes.Identity, value + "_observed", [value], [value + "_observed"]));
            rest.Outputs[i] = rest.Outputs[i] with { Name = copy };
        }

        new EliminateDeadNodes().Run(rest);
        return rest.Nodes.Exists(n => n.Inputs.Exists(before.Contains)) ? null : rest;
    }
}
