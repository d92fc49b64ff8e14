namespace ResNetEdge.KernelGenerator.Functions;

/// <summary>What a function does to its input, an operation after the other. Values are numbered: the input, constants and results.</summary>
internal sealed class Recording
{
    private readonly Dictionary<uint, int> _numbers = [];
    private int _count = 1;

    /// <summary>The input's number.</summary>
    public const int Input = 0;

    /// <summary>The number of what the function gives.</summary>
    public int Result { get; set; }

    /// <summary>The constants: their bits and numbers, in the order of first use.</summary>
    public List<(uint Bits, int Value)> Constants { get; } = [];

    /// <summary>The operations, in order.</summary>
    public List<RecordedOperation> Operations { get; } = [];

    /// <summary>The number of a constant.</summary>
    public int Constant(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        if (!_numbers.TryGetValue(bits, out int value))
        {
            _numbers[bits] = value = _count++;
            Constants.Add((bits, value));
        }

        return value;
    }

    /// <summary>Appends an operation and returns the number of its result.</summary>
    public int Add(Operation operation, int[] operands)
    {
        Operations.Add(new(operation, operands, _count));
        return _count++;
    }
}
