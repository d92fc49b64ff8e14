namespace ResNetEdge.Model;

/// <summary>
/// A network: nodes in an order that can be executed, constants, inputs and outputs. The one in-memory form, shared by
/// exporter and runtime; semantics are those of ONNX opset <see cref="Opset"/>.
/// </summary>
public sealed class Graph
{
    /// <summary>The operator set that exporter and passes write.</summary>
    public const int WrittenOpset = 17;

    /// <summary>Name of the network, for people.</summary>
    public string Name { get; set; } = "network";

    /// <summary>ONNX operator set version of the standard domain.</summary>
    public int Opset { get; set; } = WrittenOpset;

    /// <summary>Whether the file, and whoever opened it, left the batch of an input open; it is 1 here.</summary>
    public bool HasOpenBatch { get; internal set; }

    /// <summary>
    /// Whether all nodes have the forms that passes and operators know: those of operator set 17, and later ones that it cannot say.
    /// </summary>
    internal bool IsConverted { get; set; }

    /// <summary>What the user should know of how the file is read, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What the caller feeds; constants are never listed here.</summary>
    public List<TensorInfo> Inputs { get; } = [];

    /// <summary>What the caller gets.</summary>
    public List<TensorInfo> Outputs { get; } = [];

    /// <summary>
    /// What the file says of values between, where it says all of it: needed only for shapes that follow from values known when the network runs.
    /// </summary>
    public List<TensorInfo> Declarations { get; } = [];

    /// <summary>
    /// Types that callers give and get, by name of an input or output, where the graph itself has Float32 for it: half precision and Float64,
    /// which are computed in Float32. Engines convert.
    /// </summary>
    internal SortedDictionary<string, ElementType> EdgeTypes { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Names of values that the file holds in float16, constants among them, and of Casts of such. The graph itself has Float32 for them; an engine
    /// may hold and compute them in either.
    /// </summary>
    internal HashSet<string> Halves { get; } = new(StringComparer.Ordinal);

    /// <summary>Constants by value name.</summary>
    public Dictionary<string, Tensor> Initializers { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations, topologically sorted: a node stands after the producers of its inputs.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The constant of that name, or null when the value is computed.</summary>
    public Tensor? Constant(string name) => Initializers.GetValueOrDefault(name);

    /// <summary>Adds a node and returns its first output, for building graphs.</summary>
    public string Add(Node node)
    {
        Nodes.Add(node);
        return node.Output;
    }

    /// <summary>Adds a constant and returns its name, for building graphs.</summary>
    public string Add(string name, Tensor value)
    {
        Initializers.Add(name, value);
        return name;
    }

    /// <summary>A copy whose nodes and lists can be changed on their own; constants are shared (they are immutable).</summary>
    public Graph Clone()
    {
        var copy = new Graph { Name = Name, Opset = Opset, HasOpenBatch = HasOpenBatch, IsConverted = IsConverted };
        copy.Notes.AddRange(Notes);
        copy.Inputs.AddRange(Inputs);
        copy.Outputs.AddRange(Outputs);
        copy.Declarations.AddRange(Declarations);
        foreach (var (name, type) in EdgeTypes) copy.EdgeTypes[name] = type;
        copy.Halves.UnionWith(Halves);
        foreach (var (name, value) in Initializers) copy.Initializers.Add(name, value);
        foreach (var node in Nodes) copy.Nodes.Add(node.Clone());
        return copy;
    }
}
