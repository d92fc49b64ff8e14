using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>
/// A byte for a byte, 64 at a time. <c>pshufb</c> looks up sixteen entries and gives 0 for an index whose highest bit is set; each half of the table
/// is eight of them. Row k holds what changes from row k - 1 to k (exclusive or), so that adding up the rows up to the index's own leaves its entry:
/// no comparison is needed. An index of the other half stays negative, because the subtraction saturates.
/// </summary>
/// <remarks>Source: W. Muła, "SIMD-ized lookup of 256 bytes"; his AVX2 version, both halves at once.</remarks>
internal sealed unsafe class UnaryInt8Avx2 : UnaryKernel
{
    private const int Lanes = 32, Step = 2 * Lanes, Row = 16, Rows = 8;
    private readonly byte[] _table;
    private readonly byte[] _changes = new byte[256]; // [half][row][16]

    public UnaryInt8Avx2(UnaryInt8Problem problem)
        : base(problem.Shape, problem.Input, problem.Output, 1)
    {
        _table = problem.Table.ToArray();
        for (int i = 0; i < _table.Length; i++)
            _changes[i] = (byte)(i % (Rows * Row) < Row ? _table[i] : _table[i] ^ _table[i - Row]);
    }

    public override string Name => nameof(UnaryInt8Avx2);

    protected override void Elements(byte* input, byte* output, int count)
    {
        Vector256<byte> half = Vector256.Create((byte)128);
        Vector256<sbyte> row = Vector256.Create((sbyte)Row);
        int i = 0;
        fixed (byte* changes = _changes)
        {
            for (; i <= count - Step; i += Step)
            {
                Vector256<byte> x0 = Vector256.Load(input + i), x1 = Vector256.Load(input + i + Lanes);
                Vector256<sbyte> a0 = x0.AsSByte(), a1 = x1.AsSByte(), b0 = (x0 ^ half).AsSByte(), b1 = (x1 ^ half).AsSByte();
                Vector256<byte> y0 = Vector256<byte>.Zero, y1 = Vector256<byte>.Zero;
                for (byte* entries = changes; entries < changes + Rows * Row; entries += Row)
                {
                    var lower = Avx2.BroadcastVector128ToVector256(entries);
                    var upper = Avx2.BroadcastVector128ToVector256(entries + Rows * Row);
                    y0 = y0 ^ Avx2.Shuffle(lower, a0.AsByte()) ^ Avx2.Shuffle(upper, b0.AsByte());
                    y1 = y1 ^ Avx2.Shuffle(lower, a1.AsByte()) ^ Avx2.Shuffle(upper, b1.AsByte());
                    (a0, a1) = (Avx2.SubtractSaturate(a0, row), Avx2.SubtractSaturate(a1, row));
                    (b0, b1) = (Avx2.SubtractSaturate(b0, row), Avx2.SubtractSaturate(b1, row));
                }

                y0.Store(output + i);
                y1.Store(output + i + Lanes);
            }
        }

        UnaryInt8Reference.Look(_table, input, output, i, count);
    }
}
