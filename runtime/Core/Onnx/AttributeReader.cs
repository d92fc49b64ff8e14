using System.Text;
using Google.Protobuf;
using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;
using static ResNetEdge.Onnx.Proto.AttributeProto.Types;

namespace ResNetEdge.Onnx;

/// <summary>Turns the attributes of a node into <see cref="Attributes"/>.</summary>
internal sealed class AttributeReader(OnnxSource source, TensorReader tensors, SparseTensorReader sparseTensors)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all attributes of one node.</summary>
    /// <param name="protos">The messages.</param>
    /// <param name="node">How messages call the node.</param>
    /// <param name="readGraph">Reads the body of an <c>If</c> or <c>Loop</c>.</param>
    /// <exception cref="EdgeException">Exit 3: a name twice or missing, or a kind of value that is not supported.</exception>
    public Attributes Read(IEnumerable<AttributeProto> protos, string node, Func<GraphProto, Graph> readGraph)
    {
        var attributes = new Attributes();
        foreach (var proto in protos)
        {
            string what = $"attribute '{proto.Name}' of {node}";
            if (proto.Name.Length == 0) throw source.Fail($"an attribute of {node} has no name");
            if (attributes.Has(proto.Name)) throw source.Fail($"{what} is given twice");
            attributes[proto.Name] = Value(proto, what, readGraph);
        }

        return attributes;
    }

    private object Value(AttributeProto proto, string what, Func<GraphProto, Graph> readGraph) => Kind(proto) switch
    {
        _ when proto.RefAttrName.Length > 0 =>
            throw source.Fail($"{what} refers to attribute '{proto.RefAttrName}' of a function, but is not inside one"),
        AttributeType.Float => proto.F,
        AttributeType.Int => proto.I,
        AttributeType.String => Text(proto.S, what),
        AttributeType.Tensor when proto.T is not null => tensors.Read(proto.T, what),
        AttributeType.SparseTensor when proto.SparseTensor is not null => sparseTensors.Read(proto.SparseTensor, what),
        AttributeType.Graph when proto.G is not null => readGraph(proto.G),
        AttributeType.Floats => proto.Floats.ToArray(),
        AttributeType.Ints => proto.Ints.ToArray(),
        AttributeType.Strings => proto.Strings.Select(s => Text(s, what)).ToArray(),
        var kind => throw source.Fail($"{what} is of kind {kind}, which is not supported or has no value"),
    };

    // Files of IR version below 2, still written by old converters, leave the kind out.
    private static AttributeType Kind(AttributeProto proto) => proto.Type != AttributeType.Undefined ? proto.Type
        : proto.HasF ? AttributeType.Float
        : proto.HasI ? AttributeType.Int
        : proto.HasS ? AttributeType.String
        : proto.T is not null ? AttributeType.Tensor
        : proto.G is not null ? AttributeType.Graph
        : proto.Floats.Count > 0 ? AttributeType.Floats
        : proto.Ints.Count > 0 ? AttributeType.Ints
        : proto.Strings.Count > 0 ? AttributeType.Strings
        : AttributeType.Undefined;

    private string Text(ByteString bytes, string what)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw source.Fail($"{what} is not UTF-8 text", e);
        }
    }
}
