using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>A byte for a byte: the table is the definition.</summary>
internal sealed unsafe class UnaryInt8Reference(UnaryInt8Problem problem) : UnaryKernel(problem.Shape, problem.Input, problem.Output, 1)
{
    private readonly byte[] _table = problem.Table.ToArray();

    public override string Name => nameof(UnaryInt8Reference);

    protected override void Elements(byte* input, byte* output, int count) => Look(_table, input, output, 0, count);

    /// <summary>Looks the elements from <paramref name="first"/> to <paramref name="end"/> up, one at a time.</summary>
    public static void Look(byte[] table, byte* input, byte* output, int first, int end)
    {
        fixed (byte* values = table)
        {
            for (int i = first; i < end; i++)
                output[i] = values[input[i]];
        }
    }
}
