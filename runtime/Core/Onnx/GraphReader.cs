using Google.Protobuf.Collections;
using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>Turns a <c>GraphProto</c> into a <see cref="Graph"/>: names unique, every value produced once, nodes in order.</summary>
internal sealed class GraphReader
{
    private readonly OnnxSource _source;
    private readonly InputShapes _shapes;
    private readonly TensorReader _tensors;
    private readonly SparseTensorReader _sparseTensors;
    private readonly AttributeReader _attributes;

    /// <param name="source">Where the model comes from.</param>
    /// <param name="tensors">Reads constants.</param>
    /// <param name="shapes">Shapes for inputs that the file leaves open.</param>
    public GraphReader(OnnxSource source, TensorReader tensors, InputShapes shapes)
    {
        (_source, _tensors, _shapes) = (source, tensors, shapes);
        _sparseTensors = new SparseTensorReader(source, tensors);
        _attributes = new AttributeReader(source, tensors, _sparseTensors);
    }

    /// <summary>Reads the model's own graph.</summary>
    /// <param name="proto">The message without its initializers.</param>
    /// <param name="initializers">Its constants by name.</param>
    /// <param name="opset">Version of the standard operator set.</param>
    /// <exception cref="EdgeException">Exit 3: anything malformed or not supported.</exception>
    public Graph Read(GraphProto proto, IEnumerable<(string Name, Tensor Value)> initializers, int opset)
    {
        if (proto.Output.Count == 0) throw _source.Fail("the graph has no outputs");
        var graph = new Graph
        {
            Name = proto.Name.Length > 0 ? proto.Name : Path.GetFileNameWithoutExtension(_source.Name),
            Opset = opset,
        };
        var batchSymbols = new HashSet<string>(StringComparer.Ordinal);
        Fill(graph, proto, initializers, [],
            inputs => ReadInputs(graph, inputs, batchSymbols), output => OnnxTypes.Output(_source, output, batchSymbols));
        graph.Declarations.AddRange(
            proto.ValueInfo.Select(value => OnnxTypes.Output(_source, value, batchSymbols)).Where(static v => v.Type != ElementType.Undefined));
        return graph;
    }

    private IEnumerable<TensorInfo> ReadInputs(Graph graph, IEnumerable<ValueInfoProto> inputs, HashSet<string> batchSymbols)
    {
        var declared = _shapes.Fix([.. inputs.Select(input => OnnxTypes.Declared(_source, input))], _source.Name);
        graph.HasOpenBatch = declared.Any(input => input.HasOpenBatch);
        return declared.Select(input => OnnxTypes.Input(_source, input, batchSymbols));
    }

    // The body of an If or Loop: it sees the values of the graphs around it, and may leave every type to inference.
    private Graph ReadBody(GraphProto proto, int opset, HashSet<string> enclosing)
    {
        var graph = new Graph { Name = proto.Name, Opset = opset };
        var initializers = proto.Initializer.Select(t => (t.Name, _tensors.Read(t, $"initializer '{t.Name}'")));
        Fill(graph, proto, initializers, enclosing, values => values.Select(ReadValue), ReadValue);
        return graph;
        TensorInfo ReadValue(ValueInfoProto value) => OnnxTypes.Output(_source, value, []);
    }

    private void Fill(Graph graph, GraphProto proto, IEnumerable<(string Name, Tensor Value)> initializers, HashSet<string> enclosing,
        Func<IEnumerable<ValueInfoProto>, IEnumerable<TensorInfo>> readInputs, Func<ValueInfoProto, TensorInfo> readOutput)
    {
        var given = new HashSet<string>(enclosing, StringComparer.Ordinal);
        var sparse = proto.SparseInitializer.Select(t => (t.Values?.Name ?? "", _sparseTensors.Read(t, $"initializer '{t.Values?.Name}'")));
        foreach (var (name, value) in initializers.Concat(sparse))
        {
            if (name.Length == 0) throw _source.Fail("an initializer has no name");
            if (!graph.Initializers.TryAdd(name, value)) throw _source.Fail($"two initializers are called '{name}'");
            given.Add(name);
        }

        var inputNames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in proto.Input)
        {
            if (input.Name.Length == 0) throw _source.Fail("an input has no name");
            if (!inputNames.Add(input.Name)) throw _source.Fail($"two inputs are called '{input.Name}'");
            given.Add(input.Name);
        }

        // Up to IR version 3 every initializer is listed as an input too; later it is a default that we do not let callers change.
        graph.Inputs.AddRange(readInputs(proto.Input.Where(input => !graph.Initializers.ContainsKey(input.Name))));
        var visible = new HashSet<string>(given.Concat(proto.Node.SelectMany(n => n.Output)), StringComparer.Ordinal);
        var nodes = ReadNodes(proto.Node, graph.Opset, visible);
        graph.Nodes.AddRange(TopologicalOrder.Sort(nodes, given, _source));
        var outputNames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var output in proto.Output)
        {
            if (!outputNames.Add(output.Name)) throw _source.Fail($"two outputs are called '{output.Name}'");
            if (!visible.Contains(output.Name)) throw _source.Fail($"nothing produces the output '{output.Name}'");
            graph.Outputs.Add(readOutput(output));
        }
    }

    private List<Node> ReadNodes(RepeatedField<NodeProto> protos, int opset, HashSet<string> visible)
    {
        var taken = new HashSet<string>(protos.Select(p => p.Name), StringComparer.Ordinal) { "" };
        var used = new HashSet<string>(StringComparer.Ordinal);
        var nodes = new List<Node>(protos.Count);
        for (int i = 0; i < protos.Count; i++)
        {
            var proto = protos[i];
            if (proto.OpType.Length == 0) throw _source.Fail($"node {i} ('{proto.Name}') has no operator type");
            if (proto.Output.All(o => o.Length == 0)) throw _source.Fail($"node {i} ({proto.OpType} '{proto.Name}') has no outputs");
            string name = proto.Name;
            if (name.Length == 0 || !used.Add(name))
            {
                string stem = name.Length == 0 ? proto.OpType : name;
                for (int n = i; !taken.Add(name = $"{stem}_{n}");) n++;
            }

            var attributes = _attributes.Read(proto.Attribute, $"{proto.OpType} '{name}'", body => ReadBody(body, opset, visible));
            nodes.Add(new Node(proto.OpType, name, proto.Input, proto.Output)
            {
                Domain = proto.Domain == "ai.onnx" ? "" : proto.Domain,
                Attributes = attributes,
            });
        }

        return nodes;
    }
}
