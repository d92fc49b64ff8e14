using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>A byte for a byte, 16 at a time: <c>tbl</c> and <c>tbx</c> look up 64 entries each and leave an index beyond them alone.</summary>
internal sealed unsafe class UnaryInt8AdvSimd(UnaryInt8Problem problem) : UnaryKernel(problem.Shape, problem.Input, problem.Output, 1)
{
    private const int Lanes = 16, Quarter = 64;
    private readonly byte[] _table = problem.Table.ToArray();

    public override string Name => nameof(UnaryInt8AdvSimd);

    protected override void Elements(byte* input, byte* output, int count)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        int i = 0;
        fixed (byte* table = _table)
        {
            var first = Entries(table);
            var second = Entries(table + Quarter);
            var third = Entries(table + 2 * Quarter);
            var fourth = Entries(table + 3 * Quarter);
            var next = Vector128.Create((byte)Quarter);
            for (; i <= count - Lanes; i += Lanes)
            {
                var index = Vector128.Load(input + i);
                var y = AdvSimd.Arm64.VectorTableLookup(first, index);
                y = AdvSimd.Arm64.VectorTableLookupExtension(y, second, index -= next);
                y = AdvSimd.Arm64.VectorTableLookupExtension(y, third, index -= next);
                AdvSimd.Arm64.VectorTableLookupExtension(y, fourth, index - next).Store(output + i);
            }
        }

        UnaryInt8Reference.Look(_table, input, output, i, count);
    }

    private static (Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>) Entries(byte* table) =>
        (Vector128.Load(table), Vector128.Load(table + 16), Vector128.Load(table + 32), Vector128.Load(table + 48));
}
