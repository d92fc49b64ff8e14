using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// Before: Pad with zeros around height and width → Conv, or → MaxPool of values that are never negative.
/// After: the window pads by itself, and no padded copy is made. Condition: nobody else reads the padded value;
/// for MaxPool, whose own padding never wins, a Relu made the values and the window is larger than the padding.
/// </summary>
internal sealed class FoldPadIntoWindow : ImportPass
{
    public override bool Run(Graph graph)
    {
        var producers = Producers(graph);
        var consumers = graph.Consumers();
        bool changed = false;
        foreach (var pad in graph.Nodes.Where(static n => n.OpType == OpTypes.Pad).ToList())
        {
            if (graph.IsOutput(pad.Output) || consumers.GetValueOrDefault(pad.Output) is not [var window] || window.Inputs[0] != pad.Output) continue;
            if (Sides(graph, pad) is not { } sides || window.Attributes.String("auto_pad", "NOTSET") != "NOTSET"
                || !Takes(window, pad, sides, producers))
                continue;
            long[] own = window.Attributes.Ints("pads") ?? [0, 0, 0, 0];
            window.Attributes["pads"] = own.Zip(sides, static (a, b) => a + b).ToArray();
            window.Inputs[0] = pad.Inputs[0];
            graph.Nodes.Remove(pad);
            changed = true;
        }

        return changed;
    }

    private static bool Takes(Node window, Node pad, long[] sides, Dictionary<string, Node> producers) => window.OpType switch
    {
        OpTypes.Conv => true,
        OpTypes.MaxPool => producers.GetValueOrDefault(pad.Inputs[0]) is { OpType: OpTypes.Relu } && window.Attributes.Int("ceil_mode", 0) == 0
            && window.Attributes.Ints("kernel_shape") is [var height, var width]
            && (window.Attributes.Ints("pads") ?? [0, 0, 0, 0]) is [var top, var left, var bottom, var right]
            && Math.Max(top + sides[0], bottom + sides[2]) < height && Math.Max(left + sides[1], right + sides[3]) < width,
        _ => false,
    };

    // Top, left, bottom, right; null for anything but zeros around pictures.
    private static long[]? Sides(Graph graph, Node pad)
    {
        if (!Pad.FillsZeros(pad, graph) || pad.Input(3).Length > 0 || graph.Constant(pad.Input(1))?.ToInt64s() is not { Length: 8 } pads) return null;
        return pads is [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0 and var bottom, >= 0 and var right] ? [top, left, bottom, right] : null;
    }
}
