using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>
/// Builds the graph of a network whose framework keeps channels last (TensorFlow Lite, Keras). Values of rank 4 are N C H W in the graph, so that
/// convolutions and pictures need no transposition; axes are mapped, and only where a picture is flattened does a Transpose stay. Opset 17.
/// </summary>
/// <param name="path">First word of messages.</param>
internal sealed partial class ChannelsLastBuilder(string path)
{
    private const int MaxNameLength = 200;

    // Graph axis of each N H W C axis, and N H W C axis of each graph axis.
    private static readonly int[] ToGraphAxis = [0, 2, 3, 1], FromGraphAxis = [0, 3, 1, 2];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The graph so far.</summary>
    public Graph Graph { get; } = new();

    /// <summary>A name not taken yet, fit for messages and files.</summary>
    public string Unique(string name)
    {
        string stem = Printable(name), candidate = stem;
        for (int i = 2; !_names.Add(candidate); i++) candidate = $"{stem}_{i}";
        return candidate;
    }

    /// <summary>A name from a file without control characters, and not endless.</summary>
    public static string Printable(string name) =>
        name.Length == 0 ? "value" : new([.. name.Take(MaxNameLength).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);

    /// <summary>An input of the network.</summary>
    public ChannelsLastValue Input(string name, Shape shape, ElementType type = ElementType.Float32)
    {
        var value = new ChannelsLastValue(Unique(name), shape);
        Graph.Inputs.Add(new TensorInfo(value.Name, type, InGraph(value)));
        return value;
    }

    /// <summary>Makes a value an output of the network.</summary>
    public void Output(ChannelsLastValue value, string name, ElementType type = ElementType.Float32)
    {
        // A name of its own, so that an output may also be read within the network, or be an input.
        string output = Unique(name);
        Graph.Add(new Node(OpTypes.Identity, output, [value.Name], [output]));
        Graph.Outputs.Add(new TensorInfo(output, type, InGraph(value)));
    }

    /// <summary>A constant under a new name.</summary>
    public string Constant(string name, Tensor value) => Graph.Add(Unique(name), value);

    /// <summary>A constant as a value: of rank 4, it is put into the graph's order.</summary>
    public ChannelsLastValue ConstantValue(string name, Tensor value) =>
        new(Constant(name, value.Shape.Rank == 4 ? TensorTranspose.Apply(value, FromGraphAxis) : value), value.Shape);

    /// <summary>Shape of a value as the graph has it.</summary>
    public static Shape InGraph(ChannelsLastValue value) =>
        value.IsPicture ? new Shape(value.Shape[0], value.Shape[3], value.Shape[1], value.Shape[2]) : value.Shape;

    /// <summary>Exit 3, naming the layer.</summary>
    public EdgeException Fail(string layer, string reason) => EdgeException.BadInput($"{path}: layer {FileText.Quote(layer)} {reason}");

    /// <summary>A shape whose size is checked.</summary>
    public Shape ShapeOf(string layer, params ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int d in dimensions)
        {
            if (d < 1 || (count *= d) > Shape.MaxElements) throw Fail(layer, $"would make a value of shape {string.Join('x', dimensions.ToArray())}");
        }

        return new Shape(dimensions);
    }

    /// <summary>Adds a node of one output.</summary>
    public ChannelsLastValue Node(
        string opType, string name, Shape shape, IEnumerable<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string unique = Unique(name);
        var node = new Node(opType, unique, inputs, [unique]);
        foreach (var (attribute, value) in attributes) node.Attributes[attribute] = value;
        Graph.Add(node);
        return new(unique, shape);
    }

    private ChannelsLastValue Picture(string layer, ChannelsLastValue x) =>
        x.IsPicture ? x : throw Fail(layer, $"takes a picture (N H W C), but its input has shape {x.Shape}");
}
