using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>Element types, and the declared types and shapes of inputs and outputs.</summary>
internal static class OnnxTypes
{
    private static readonly string[] Names =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32", "uint64",
        "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4",
    ];

    /// <summary>The element type of ONNX's number.</summary>
    /// <exception cref="EdgeException">Exit 3: a type that this project does not know.</exception>
    public static ElementType Element(OnnxSource source, int number, string what) =>
        number != 0 && Enum.IsDefined((ElementType)number)
            ? (ElementType)number
            : throw source.Fail(
                $"{what} has the element type {(number >= 0 && number < Names.Length ? Names[number] : $"number {number}")}, which is not supported");

    /// <summary>The declaration of a model's input; open dimensions stay open.</summary>
    /// <exception cref="EdgeException">Exit 3: no tensor, no shape, or an impossible dimension.</exception>
    public static DeclaredInput Declared(OnnxSource source, ValueInfoProto proto)
    {
        string what = $"input '{proto.Name}'";
        var tensor = TensorType(source, proto, what);
        if (tensor?.Shape is null) throw source.Fail($"{what} has no declared shape; export the model with a fixed input shape");
        var type = Element(source, tensor.ElemType, what);
        return new(proto.Name, type, [.. tensor.Shape.Dim.Select(dim => Dimension(source, dim, what))]);
    }

    /// <summary>
    /// A model's input of which every dimension is known; an open batch becomes 1, and its symbol is added to <paramref name="batchSymbols"/>.
    /// </summary>
    /// <exception cref="EdgeException">Exit 3: another open dimension, or more elements than any value may have.</exception>
    public static TensorInfo Input(OnnxSource source, DeclaredInput declared, HashSet<string> batchSymbols)
    {
        if (declared.HasOpenBatch && declared.Dimensions[0].Symbol is { Length: > 0 } symbol) batchSymbols.Add(symbol);
        int[] dims = [.. declared.Sizes(source.Name).Select(d => (int)d)];
        return new TensorInfo(declared.Name, declared.Type, Checked(source, dims, $"input '{declared.Name}'"));
    }

    /// <summary>
    /// The declaration of an output; <see cref="ElementType.Undefined"/> and a scalar where the file leaves its type or shape to shape inference.
    /// </summary>
    public static TensorInfo Output(OnnxSource source, ValueInfoProto proto, HashSet<string> batchSymbols)
    {
        string what = $"'{proto.Name}'";
        var open = new TensorInfo(proto.Name, ElementType.Undefined, Shape.Scalar);
        if (TensorType(source, proto, what) is not { ElemType: not 0 } tensor) return open;
        var type = Element(source, tensor.ElemType, what);
        if (tensor.Shape is null) return open;
        var dims = new int[tensor.Shape.Dim.Count];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            var dim = tensor.Shape.Dim[axis];
            if (!IsOpen(dim)) dims[axis] = Known(source, dim, what);
            else if (axis == 0 && dims.Length > 1 && batchSymbols.Contains(dim.DimParam)) dims[0] = 1;
            else return open;
        }

        return new TensorInfo(proto.Name, type, Checked(source, dims, what));
    }

    // Exporters write an open dimension as a symbol, as nothing, as 0 or as -1.
    private static bool IsOpen(TensorShapeProto.Types.Dimension dim) => !dim.HasDimValue || dim.DimValue is 0 or -1;

    private static DeclaredDimension Dimension(OnnxSource source, TensorShapeProto.Types.Dimension dim, string what) =>
        IsOpen(dim) ? new(null, dim.DimParam) { MayBeEmpty = dim is { HasDimValue: true, DimValue: 0 } } : new(Known(source, dim, what), "");

    private static int Known(OnnxSource source, TensorShapeProto.Types.Dimension dim, string what) =>
        dim.DimValue is > 0 and <= Shape.MaxElements ? (int)dim.DimValue : throw source.Fail($"{what} has the impossible dimension {dim.DimValue}");

    private static TypeProto.Types.Tensor? TensorType(OnnxSource source, ValueInfoProto proto, string what) => proto.Type?.ValueCase switch
    {
        null or TypeProto.ValueOneofCase.None => null,
        TypeProto.ValueOneofCase.TensorType => proto.Type.TensorType,
        var other => throw source.Fail($"{what} is not a tensor ({other}), which is not supported"),
    };

    private static Shape Checked(OnnxSource source, int[] dims, string what)
    {
        long count = 1;
        foreach (int d in dims)
        {
            if ((count *= d) > Shape.MaxElements) throw source.Fail($"{what} has the impossible shape {string.Join('x', dims)}");
        }

        return new Shape(dims);
    }
}
