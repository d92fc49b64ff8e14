using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// Before: an input N H W C that the network transposes to N C H W somewhere, as exporters from TensorFlow write it. After: the input is N C H W, as
/// packages feed pictures, with a Transpose back behind it; <see cref="SinkTransposes"/> lets the two meet and cancel.
/// </summary>
internal sealed class FeedChannelsFirst : ImportPass
{
    private static readonly long[] ToChannelsFirst = [0, 3, 1, 2], ToChannelsLast = [0, 2, 3, 1];

    /// <summary>Names of the inputs that a graph has N H W C and this pass turns round.</summary>
    public static IReadOnlyList<string> Turned(Graph graph) =>
        graph.Nodes.Exists(static n => n.OpType == OpTypes.Transpose && n.Attributes.Ints("perm") is { } perm && perm.SequenceEqual(ToChannelsFirst))
            ? [.. graph.Inputs.Where(PlainImage.Takes).Where(static i => PlainImage.IsChannelsLast(i.Shape)).Select(static i => i.Name)]
            : [];

    public override bool Run(Graph graph)
    {
        var turned = Turned(graph);
        var taken = Names(graph);
        foreach (string name in turned)
        {
            int at = graph.Inputs.FindIndex(i => i.Name == name);
            var shape = graph.Inputs[at].Shape;
            // The input keeps its name; who read it reads the transposed value.
            string inside = Fresh(taken, $"{name}_channels_last");
            foreach (var node in graph.Nodes)
                for (int i = 0; i < node.Inputs.Count; i++)
                    if (node.Inputs[i] == name) node.Inputs[i] = inside;
            graph.Inputs[at] = new(name, graph.Inputs[at].Type, new Shape(shape[0], shape[3], shape[1], shape[2]));
            graph.Nodes.Insert(0, new Node(OpTypes.Transpose, inside, [name], [inside]).With("perm", (long[])ToChannelsLast.Clone()));
        }

        return turned.Count > 0;
    }
}
