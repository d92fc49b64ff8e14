using Table = ResNetEdge.Tests.Fakes.FlatWriter.Table;

namespace ResNetEdge.Tests.Fakes;

/// <summary>TensorFlow Lite files of a few operators. Codes and field numbers are those of the format's schema.</summary>
internal sealed class TinyTflite
{
    public const byte Float32 = 0, Float16 = 1, Int32 = 2, UInt8 = 3, Int8 = 9;

    private readonly List<Table> _tensors = [];
    private readonly List<Table> _buffers = [new()];
    private readonly List<Table> _operators = [];
    private readonly List<(int Number, string? Custom)> _codes = [];

    /// <summary>Appended to the file, as metadata are.</summary>
    public byte[] Appendix { get; init; } = [];

    /// <summary>Adds a tensor; with bytes it is a constant. Returns its number.</summary>
    public int Tensor(int[] shape, byte type = Float32, byte[]? data = null, Table? quantization = null, string? name = null)
    {
        var fields = new List<(int, object)> { (0, shape), (1, type), (3, name ?? $"t{_tensors.Count}") };
        if (data is not null)
        {
            fields.Add((2, (uint)_buffers.Count));
            _buffers.Add(new Table((0, data)));
        }

        if (quantization is not null) fields.Add((4, quantization));
        _tensors.Add(new Table([.. fields]));
        return _tensors.Count - 1;
    }

    public int Floats(int[] shape, float[] values) => Tensor(shape, Float32, [.. values.SelectMany(BitConverter.GetBytes)]);

    public int Ints(params int[] values) => Tensor([values.Length], Int32, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>Adds a variable, which the interpreter keeps from run to run.</summary>
    public int Variable(int[] shape)
    {
        _tensors.Add(new Table((0, shape), (1, Float32), (3, $"t{_tensors.Count}"), (5, (byte)1)));
        return _tensors.Count - 1;
    }

    public static Table Quantization(float[] scales, long[] zeroPoints, int axis = 0) => new((2, scales), (3, zeroPoints), (6, axis));

    public void Operator(int code, int[] inputs, int output, params (int, object)[] options) => Operator(code, inputs, [output], options);

    public void Operator(int code, int[] inputs, int[] outputs, params (int, object)[] options) =>
        _operators.Add(new Table((0, Code(code, null)), (1, inputs), (2, outputs), (4, new Table(options))));

    /// <summary>An operator that is not the format's own.</summary>
    public void Custom(string name, int[] inputs, int output, byte[] options) =>
        _operators.Add(new Table((0, Code(32, name)), (1, inputs), (2, new[] { output }), (5, options)));

    public byte[] File(int input, int output) => File([input], [output]);

    public byte[] File(int[] inputs, int[] outputs) =>
    [
        .. FlatWriter.Write(new Table(
            (0, 3u),
            (1, _codes.Select(static code => code.Custom is { } name ? new Table((0, (byte)code.Number), (1, name), (3, code.Number))
                : new Table((0, (byte)Math.Min(code.Number, 127)), (3, code.Number))).ToArray()),
            (2, new[] { new Table((0, _tensors.ToArray()), (1, inputs), (2, outputs), (3, _operators.ToArray()), (4, "main")) }),
            (4, _buffers.ToArray())), "TFL3"),
        .. Appendix,
    ];

    private uint Code(int number, string? custom)
    {
        int index = _codes.IndexOf((number, custom));
        if (index < 0)
        {
            index = _codes.Count;
            _codes.Add((number, custom));
        }

        return (uint)index;
    }
}
