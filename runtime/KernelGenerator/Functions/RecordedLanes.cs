using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.KernelGenerator.Functions;

/// <summary>Lanes that compute nothing: they write down what a function does with them, so that code for any registers can be made of it.</summary>
/// <param name="value">The value that the operation gives.</param>
internal readonly unsafe struct RecordedLanes(int value) : IFloatLanes<RecordedLanes>
{
    [ThreadStatic]
    private static Recording? _current;

    public static int Count => throw Impossible();

    public static bool IsWide => false;

    /// <summary>What a function does.</summary>
    public static Recording Record(Func<RecordedLanes, RecordedLanes> function)
    {
        var recording = _current = new Recording();
        recording.Result = function(new RecordedLanes(Recording.Input)).Value;
        _current = null;
        return recording;
    }

    private int Value { get; } = value;

    public static RecordedLanes Of(double value) => new(_current!.Constant((float)value));

    public static RecordedLanes operator +(RecordedLanes a, RecordedLanes b) => Add(Operation.Add, a, b);

    public static RecordedLanes operator -(RecordedLanes a, RecordedLanes b) => Add(Operation.Subtract, a, b);

    public static RecordedLanes operator *(RecordedLanes a, RecordedLanes b) => Add(Operation.Multiply, a, b);

    public static RecordedLanes operator /(RecordedLanes a, RecordedLanes b) => Add(Operation.Divide, a, b);

    public static RecordedLanes FusedMultiplyAdd(RecordedLanes a, RecordedLanes b, RecordedLanes c) => Add(Operation.MultiplyAdd, a, b, c);

    // As AVX's instructions have it, the second of two operands is the one that counts where one is NaN or both are zeros.
    public static RecordedLanes Clamp(RecordedLanes x, RecordedLanes low, RecordedLanes high) =>
        Add(Operation.Minimum, high, Add(Operation.Maximum, low, x));

    public static RecordedLanes IfLess(RecordedLanes a, RecordedLanes b, RecordedLanes then, RecordedLanes otherwise) =>
        Add(Operation.IfLess, a, b, then, otherwise);

    public static RecordedLanes PowerOfTwo(RecordedLanes shifted) =>
        Add(Operation.PowerOfTwo, shifted, new(_current!.Constant(BitConverter.UInt32BitsToSingle(Float32Exponential.One))));

    public static RecordedLanes Abs(RecordedLanes x) => throw Impossible();

    public static RecordedLanes Sqrt(RecordedLanes x) => throw Impossible();

    public static RecordedLanes Floor(RecordedLanes x) => throw Impossible();

    public static RecordedLanes Round(RecordedLanes x) => throw Impossible();

    public static RecordedLanes Load(float* from) => throw Impossible();

    public static RecordedLanes Broadcast(float* from) => throw Impossible();

    public void Store(float* to) => throw Impossible();

    public RecordedLanes InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction => throw Impossible();

    private static RecordedLanes Add(Operation operation, params ReadOnlySpan<RecordedLanes> operands)
    {
        int[] values = new int[operands.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = operands[i].Value;
        return new(_current!.Add(operation, values));
    }

    private static NotSupportedException Impossible() => new("no function that is emitted needs this operation");
}
