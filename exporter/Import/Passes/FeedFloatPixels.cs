using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// Before: an input of bytes, pixels as they are, that the network itself casts to floats and normalises. After: the input is float32 and takes
/// the same numbers,
/// 0 to 255, as packages feed pictures. Condition: every reader casts it, perhaps behind a Transpose.
/// </summary>
internal sealed class FeedFloatPixels : ImportPass
{
    private const int MostTransposes = 4; // one behind the other

    /// <summary>Names of the inputs that this pass turns.</summary>
    public static IReadOnlyList<string> Turned(Graph graph)
    {
        var consumers = graph.Consumers();
        bool IsTurned(TensorInfo input) =>
            input is { Type: ElementType.UInt8, Shape.Rank: 4 } && IsCast(graph, consumers, input.Name, MostTransposes);
        return [.. graph.Inputs.Where(IsTurned).Select(static i => i.Name)];
    }

    public override bool Run(Graph graph)
    {
        var turned = Turned(graph);
        foreach (string name in turned)
        {
            int at = graph.Inputs.FindIndex(i => i.Name == name);
            graph.Inputs[at] = graph.Inputs[at] with { Type = ElementType.Float32 };
        }

        return turned.Count > 0;
    }

    private static bool IsCast(Graph graph, Dictionary<string, List<Node>> consumers, string value, int transposes) =>
        !graph.IsOutput(value) && consumers.TryGetValue(value, out var readers) && readers.TrueForAll(reader => reader.OpType switch
        {
            OpTypes.Cast => (ElementType)reader.Attributes.Int("to", 0)
                is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64,
            OpTypes.Transpose => transposes > 0 && IsCast(graph, consumers, reader.Output, transposes - 1),
            _ => false,
        });
}
