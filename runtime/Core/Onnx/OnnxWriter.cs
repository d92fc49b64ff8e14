using Google.Protobuf;
using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;
using static ResNetEdge.Onnx.Proto.AttributeProto.Types;

namespace ResNetEdge.Onnx;

/// <summary>
/// Writes a graph as an ONNX file that any ONNX runtime can run. The same graph gives the same bytes: nothing of the clock, the
/// machine or the order of a dictionary goes in.
/// </summary>
public static class OnnxWriter
{
    /// <summary>Writes a graph.</summary>
    /// <param name="graph">Outputs must have their types.</param>
    /// <param name="stream">Where the file goes; not closed.</param>
    /// <param name="values">Types and shapes of values between, for people and tools; may be null, hold too much, or lack some.</param>
    /// <exception cref="EdgeException">Exit 3: the weights exceed the 2 GiB that the format can hold.</exception>
    /// <exception cref="InvalidOperationException">An input or output has no type.</exception>
    public static void Write(Graph graph, Stream stream, IReadOnlyDictionary<string, TensorInfo>? values = null)
    {
        long weightBytes = graph.Initializers.Values.Sum(t => (long)t.Bytes.Length);
        if (weightBytes > int.MaxValue - (64 << 20))
            throw EdgeException.BadInput($"{graph.Name}: {weightBytes >> 20} MiB of weights, more than the 2 GiB of an ONNX file");
        foreach (var value in graph.Inputs.Concat(graph.Outputs))
        {
            if (value.Type == ElementType.Undefined)
                throw new InvalidOperationException($"'{value.Name}' of {graph.Name} has no type; shapes were not inferred");
        }

        var model = new ModelProto
        {
            IrVersion = IrVersion(graph.Opset),
            ProducerName = "ResNetEdge",
            ProducerVersion = BuildInfo.Version,
            Graph = ToProto(graph, values),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = graph.Opset });
        foreach (string domain in graph.Nodes.Select(n => n.Domain).Where(d => d.Length > 0).Distinct().Order(StringComparer.Ordinal))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        model.WriteTo(stream);
    }

    // The first IR version that knows the operator set (ONNX, docs/Versioning.md), and not below 8, which every current tool reads.
    private static int IrVersion(int opset) => opset switch
    {
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        _ => 11,
    };

    private static GraphProto ToProto(Graph graph, IReadOnlyDictionary<string, TensorInfo>? values)
    {
        var proto = new GraphProto { Name = graph.Name };
        proto.Node.AddRange(graph.Nodes.Select(ToProto));
        proto.Initializer.AddRange(graph.Initializers.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => ToProto(i.Value, i.Key)));
        proto.Input.AddRange(graph.Inputs.Select(ToProto));
        proto.Output.AddRange(graph.Outputs.Select(ToProto));
        if (values is null) return proto;
        var outputs = graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string name in graph.Nodes.SelectMany(n => n.Outputs))
        {
            if (!outputs.Contains(name) && values.TryGetValue(name, out var info) && info.Type != ElementType.Undefined)
                proto.ValueInfo.Add(ToProto(info with { Name = name }));
        }

        return proto;
    }

    private static NodeProto ToProto(Node node)
    {
        var proto = new NodeProto { Name = node.Name, OpType = node.OpType, Domain = node.Domain };
        proto.Input.AddRange(node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Names.Select(name => ToProto(name, node.Attributes[name]!)));
        return proto;
    }

    private static AttributeProto ToProto(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long i: (proto.Type, proto.I) = (AttributeType.Int, i); break;
            case float f: (proto.Type, proto.F) = (AttributeType.Float, f); break;
            case string s: (proto.Type, proto.S) = (AttributeType.String, ByteString.CopyFromUtf8(s)); break;
            case Tensor t: (proto.Type, proto.T) = (AttributeType.Tensor, ToProto(t, "")); break;
            case Graph g: (proto.Type, proto.G) = (AttributeType.Graph, ToProto(g, null)); break;
            case long[] ints:
                proto.Type = AttributeType.Ints;
                proto.Ints.AddRange(ints);
                break;
            case float[] floats:
                proto.Type = AttributeType.Floats;
                proto.Floats.AddRange(floats);
                break;
            case string[] strings:
                proto.Type = AttributeType.Strings;
                proto.Strings.AddRange(strings.Select(ByteString.CopyFromUtf8));
                break;
            default: throw new InvalidOperationException($"attribute '{name}' of type {value.GetType().Name}");
        }

        return proto;
    }

    private static TensorProto ToProto(Tensor tensor, string name)
    {
        var proto = new TensorProto { Name = name, DataType = (int)tensor.Type, RawData = UnsafeByteOperations.UnsafeWrap(tensor.Bytes) };
        foreach (int d in tensor.Shape.Dimensions) proto.Dims.Add(d);
        return proto;
    }

    private static ValueInfoProto ToProto(TensorInfo info)
    {
        var proto = new ValueInfoProto { Name = info.Name };
        if (info.Type == ElementType.Undefined) return proto; // in the body of an If or Loop, where types may be left out
        var shape = new TensorShapeProto();
        foreach (int d in info.Shape.Dimensions) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = d });
        proto.Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)info.Type, Shape = shape } };
        return proto;
    }
}
