using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>
/// TensorFlow Lite's file: a FlatBuffer with the identifier <c>TFL3</c>. Field numbers are those of tensorflow/lite/schema/schema.fbs, version 3.
/// </summary>
internal sealed class TfliteReader
{
    private const int SchemaVersion = 3;
    private const int MaxTensors = 100_000, MaxRank = 6;

    private readonly string _path;
    private readonly FlatFile _file;

    private TfliteReader(string path, ReadOnlyMemory<byte> bytes) => (_path, _file) = (path, new FlatFile(path, bytes));

    /// <summary>Reads a model.</summary>
    /// <param name="path">First word of messages.</param>
    /// <param name="bytes">The whole file; constants go on sharing it.</param>
    /// <exception cref="EdgeException">Exit 3: damaged, hostile or not supported.</exception>
    public static TfliteModel Read(string path, ReadOnlyMemory<byte> bytes) => new TfliteReader(path, bytes).Read();

    private TfliteModel Read()
    {
        var root = _file.Root("the model");
        if (root.UInt32(0) != SchemaVersion) throw Bad($"has schema version {root.UInt32(0)}; {SchemaVersion} is supported");
        string[] types = [.. root.Tables(1, "operator code", MaxTensors).Select(OperatorType)];
        var subgraphs = root.Tables(2, "subgraph", MaxTensors);
        if (subgraphs.Length != 1) throw Bad($"has {subgraphs.Length} subgraphs; one is supported, so convert the model without control flow");
        var buffers = root.Tables(4, "buffer", MaxTensors);

        var subgraph = subgraphs[0];
        var tables = subgraph.Tables(0, "tensor", MaxTensors);
        var tensors = new TfliteTensor[tables.Length];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = ReadTensor(i, tables[i], buffers);
        int[] inputs = subgraph.Ints(1), outputs = subgraph.Ints(2);
        var operators = subgraph.Tables(3, "operator", MaxTensors).Select((table, i) => ReadOperator(i, table, types)).ToArray();
        if (operators.Length == 0 || inputs.Length == 0 || outputs.Length == 0) throw Bad("has no operators, no inputs or no outputs");

        Check(tensors, operators, inputs, outputs);
        return new(_path, Path.GetFileNameWithoutExtension(_path), tensors, operators, inputs, outputs);
    }

    private static string OperatorType(FlatTable code)
    {
        // The byte is the older field; codes above 127 stand in the newer one only.
        int number = Math.Max(code.Byte(0), code.Int32(3));
        string type = TfliteOperatorNames.Of(number);
        return type == TfliteOperatorNames.Custom ? $"{type} {FileText.Quote(code.Text(1))}" : type;
    }

    private TfliteOperator ReadOperator(int index, FlatTable table, string[] types)
    {
        uint code = table.UInt32(0);
        if (code >= types.Length) throw Bad($"has operator {index} of the code number {code}, but {types.Length} codes");
        return new(index, types[code], table.Ints(1), table.Ints(2), table.Table(4, $"the options of operator {index}"))
        {
            CustomOptions = table.Bytes(5) ?? default,
        };
    }

    private TfliteTensor ReadTensor(int index, FlatTable table, FlatTable[] buffers)
    {
        string name = table.Text(3), what = $"tensor {index} ({FileText.Quote(name)})";
        var type = TypeOf(table.Byte(1));
        int[] dimensions = table.Ints(0), signature = table.Ints(7);
        if (dimensions.Length > MaxRank) throw Bad($"has {what} of rank {dimensions.Length}, more than {MaxRank}");
        // The batch of a model converted with an open one; other open dimensions have a size of their own here, which is then the network's.
        if (signature.Length == dimensions.Length && signature.Length > 1 && signature[0] == -1) dimensions[0] = 1;
        long count = 1;
        foreach (int d in dimensions)
        {
            if (d < 0 || (count *= d) > Shape.MaxElements) throw Bad($"has {what} of the impossible shape {string.Join('x', dimensions)}");
        }

        if (table.Has(6)) throw Bad($"has {what} with sparse elements, which is not supported; convert the model without sparsity");
        var shape = new Shape(dimensions);
        var constant = type is null ? null : Constant(what, type.Value, shape, table.UInt32(2), buffers);
        return new(index, name, type ?? ElementType.Undefined, shape,
            table.Table(4, $"the quantisation of {what}") is { } q ? Quantization(what, q, type, shape) : null, constant)
        {
            IsVariable = table.Bool(5),
        };
    }

    private Tensor? Constant(string what, ElementType type, Shape shape, uint number, FlatTable[] buffers)
    {
        if (number == 0) return null; // by convention the empty buffer, which all activations share
        if (number >= buffers.Length) throw Bad($"has {what} in buffer {number}, but {buffers.Length} buffers");
        var buffer = buffers[number];
        long offset = buffer.Int64(1), size = buffer.Int64(2);
        var bytes = offset > 1 ? _file.Slice(offset, size, $"the data of {what}") : buffer.Bytes(0);
        if (bytes is not { IsEmpty: false } data) return null;
        long needed = (long)shape.ElementCount * type.Size();
        return data.Length == needed ? new Tensor(type, shape, data)
            : throw Bad($"has {what} with {data.Length} bytes, where {type} of shape {shape} needs {needed}");
    }

    private TfliteQuantization? Quantization(string what, FlatTable table, ElementType? type, Shape shape)
    {
        float[] scales = table.Floats(2);
        if (scales.Length == 0) return null;
        if (table.Byte(4) != 0) throw Bad($"has {what} with a custom quantisation, which is not supported");
        long[] zeros = table.Longs(3);
        if (zeros.Length == 0) zeros = new long[scales.Length];
        int axis = table.Int32(6);
        if (scales.Length > 1 && (axis < 0 || axis >= shape.Rank || shape[axis] != scales.Length))
            throw Bad($"has {what} of shape {shape} with {scales.Length} scales along axis {axis}");
        if (zeros.Length != scales.Length) throw Bad($"has {what} with {scales.Length} scales and {zeros.Length} zero points");
        if (Array.Exists(scales, static s => !(s > 0 && float.IsFinite(s))))
            throw Bad($"has {what} with a scale that is not a positive finite number");
        var (low, high) = type switch
        {
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            _ => (int.MinValue, (long)int.MaxValue),
        };
        if (Array.Exists(zeros, z => z < low || z > high)) throw Bad($"has {what} with a zero point outside its type");
        return new(scales, zeros, axis);
    }

    // Every activation is an input or made by one earlier operator, so that the graph has no cycle and no value two meanings.
    private void Check(TfliteTensor[] tensors, TfliteOperator[] operators, int[] inputs, int[] outputs)
    {
        var made = new bool[tensors.Length];
        void Make(string maker, int tensor)
        {
            if ((uint)tensor >= (uint)tensors.Length) throw Bad($"has {maker} of the tensor number {tensor}, but {tensors.Length} tensors");
            if (made[tensor] || tensors[tensor].Constant is not null) throw Bad($"has {maker}, which is {tensors[tensor]}, produced a second time");
            Filled(maker, tensor);
            made[tensor] = true;
        }

        void Need(string reader, int tensor)
        {
            if ((uint)tensor >= (uint)tensors.Length) throw Bad($"has {reader} reading the tensor number {tensor}, but {tensors.Length} tensors");
            if (!made[tensor] && tensors[tensor] is { Constant: null, IsVariable: false })
                throw Bad($"has {reader} reading {tensors[tensor]}, which nothing before it produces");
            Filled(reader, tensor);
        }

        // The converter leaves tensors of no elements behind, which nobody uses.
        void Filled(string user, int tensor)
        {
            if (tensors[tensor].Shape.ElementCount == 0)
                throw Bad($"has {user} with {tensors[tensor]} of the shape {tensors[tensor].Shape}, which is empty");
        }

        foreach (int input in inputs) Make("an input", input);
        foreach (var op in operators)
        {
            foreach (int input in op.Inputs.Where(static i => i != -1)) Need(op.ToString(), input);
            foreach (int output in op.Outputs) Make($"an output of {op}", output);
        }

        foreach (int output in outputs) Need("the outputs", output);
    }

    // Null: a type that no operator here takes; it is refused by who reads it.
    private static ElementType? TypeOf(byte number) => number switch
    {
        0 => ElementType.Float32,
        1 => ElementType.Float16,
        2 => ElementType.Int32,
        3 => ElementType.UInt8,
        4 => ElementType.Int64,
        6 => ElementType.Bool,
        9 => ElementType.Int8,
        10 => ElementType.Float64,
        _ => null,
    };

    private EdgeException Bad(string found) => EdgeException.BadInput($"{_path}: this TensorFlow Lite model {found}");
}
