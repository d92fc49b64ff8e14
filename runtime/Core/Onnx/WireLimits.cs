namespace ResNetEdge.Onnx;

/// <summary>
/// Bounds what a file may make the parser build, before it is parsed: a message of two bytes becomes an object of a hundred, so
/// the size of the file alone is not a bound on memory.
/// </summary>
internal static class WireLimits
{
    /// <summary>Strings, byte fields and messages in one file. A ResNet-1202 with QuantizeLinear nodes has about 200,000.</summary>
    public const int MaxFields = 4_000_000;

    /// <summary>Messages inside messages; protobuf's own parser stops at 100.</summary>
    public const int MaxDepth = 64;

    private enum Kind
    {
        Leaf, Model, Graph, Function, Node, Attribute, Tensor, SparseTensor, ValueInfo, Type, TensorType, Shape,
    }

    /// <summary>Walks a serialized <c>ModelProto</c>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message, or exceed a limit.</exception>
    public static void Check(ReadOnlySpan<byte> model)
    {
        int fields = 0;
        Walk(model, Kind.Model, 0, ref fields);
    }

    private static void Walk(ReadOnlySpan<byte> message, Kind kind, int depth, ref int fields)
    {
        if (depth > MaxDepth) throw new InvalidDataException($"messages nested more than {MaxDepth} deep");
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (!reader.HasPayload) continue;
            if (++fields > MaxFields) throw new InvalidDataException($"more than {MaxFields:N0} fields");
            var child = Child(kind, reader.Field);
            if (child != Kind.Leaf) Walk(message[reader.PayloadStart..reader.End], child, depth + 1, ref fields);
        }
    }

    private static Kind Child(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, Proto.ModelProto.GraphFieldNumber) => Kind.Graph,
        (Kind.Model, Proto.ModelProto.FunctionsFieldNumber) => Kind.Function,
        (Kind.Function, Proto.FunctionProto.NodeFieldNumber) => Kind.Node,
        (Kind.Function, Proto.FunctionProto.AttributeProtoFieldNumber) => Kind.Attribute,
        (Kind.Graph, Proto.GraphProto.NodeFieldNumber) => Kind.Node,
        (Kind.Graph, Proto.GraphProto.InitializerFieldNumber) => Kind.Tensor,
        (Kind.Graph, Proto.GraphProto.SparseInitializerFieldNumber) => Kind.SparseTensor,
        (Kind.SparseTensor, Proto.SparseTensorProto.ValuesFieldNumber or Proto.SparseTensorProto.IndicesFieldNumber) => Kind.Tensor,
        (Kind.Graph, Proto.GraphProto.InputFieldNumber or Proto.GraphProto.OutputFieldNumber or Proto.GraphProto.ValueInfoFieldNumber) =>
            Kind.ValueInfo,
        (Kind.Node, Proto.NodeProto.AttributeFieldNumber) => Kind.Attribute,
        (Kind.Attribute, Proto.AttributeProto.TFieldNumber) => Kind.Tensor,
        (Kind.Attribute, Proto.AttributeProto.GFieldNumber) => Kind.Graph,
        (Kind.Attribute, Proto.AttributeProto.SparseTensorFieldNumber) => Kind.SparseTensor,
        (Kind.ValueInfo, Proto.ValueInfoProto.TypeFieldNumber) => Kind.Type,
        (Kind.Type, Proto.TypeProto.TensorTypeFieldNumber) => Kind.TensorType,
        (Kind.TensorType, Proto.TypeProto.Types.Tensor.ShapeFieldNumber) => Kind.Shape,
        _ => Kind.Leaf,
    };
}
