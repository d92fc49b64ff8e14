using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Tests.Fakes.Ptx;

/// <content>Instructions that touch memory, and the products of matrices that are fed from it.</content>
internal sealed partial class PtxKernel
{
    private const int MatrixRows = 16, MatrixColumns = 8, MatrixDepth = 32, HalfDepth = 16;

    private LaneOp? Memory(PtxStatement s)
    {
        switch (s.Opcode)
        {
            case "cp.async.cg.shared.global": return CopyAsync(s);
            case "cp.async.commit_group":
                return static (w, mask) =>
                {
                    w.NeedWhole(mask);
                    w.Committed.Enqueue([.. w.Open]);
                    w.Open.Clear();
                };
            case "cp.async.wait_group":
                int left = (int)s.Operands[0].Value;
                return (w, mask) =>
                {
                    w.NeedWhole(mask);
                    while (w.Committed.Count > left) Land(w, w.Committed.Dequeue());
                };
            case "ldmatrix.sync.aligned.m8n8.x4.shared.b16": return LoadMatrix(s);
            case "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32": return Multiply(s);
            case "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32": return MultiplyHalves(s);
        }

        string[] parts = s.Opcode.Split('.');
        return parts switch
        {
            ["ld", "param", .., var type] => LoadParameter(s, Count(parts), type),
            ["ld", "global" or "shared", .., var type] => LoadStore(s, parts[1] == "global", isLoad: true, Count(parts), type),
            ["st", "global" or "shared", .., var type] => LoadStore(s, parts[1] == "global", isLoad: false, Count(parts), type),
            _ => null,
        };
    }

    /// <summary>Elements that one instruction moves: <c>ld.global.v4.u32</c>.</summary>
    private static int Count(string[] parts) => parts switch
    {
        [_, _, _] => 1,
        [_, _, "v2", _] => 2,
        [_, _, "v4", _] => 4,
        _ => throw new NotSupportedException($"'{string.Join('.', parts)}'"),
    };

    private static ReadOnlySpan<PtxOperand> Elements(PtxOperand value, int count)
    {
        PtxOperand[] elements = value.Kind == PtxOperandKind.Vector ? [.. value.Parts!] : [value];
        return elements.Length == count ? elements : throw new NotSupportedException($"{elements.Length} registers for {count} elements");
    }

    private LaneOp LoadParameter(PtxStatement s, int count, string type)
    {
        var (address, size) = (s.Operands[1], PtxModule.SizeOf("." + type));
        int start = Source(address with { Kind = PtxOperand.IsRegister(address.Text) ? PtxOperandKind.Register : PtxOperandKind.Symbol });
        var slots = new int[count];
        foreach (var (e, o) in Elements(s.Operands[0], count).ToArray().Index()) slots[e] = Slot(o.Text);
        return (w, mask) =>
        {
            w.Need(start, mask);
            for (int e = 0; e < count; e++)
            {
                w.Known[slots[e]] |= mask;
                for (int i = 0; i < 32; i++)
                    if ((mask >> i & 1) != 0)
                    {
                        int at = (int)(w.Registers[start * 32 + i] + address.Value) + e * size;
                        w.Registers[slots[e] * 32 + i] = Load(_parameters.AsSpan(at, size), type[0] == 's');
                    }
            }
        };
    }

    private LaneOp LoadStore(PtxStatement s, bool isGlobal, bool isLoad, int count, string type)
    {
        var (address, value) = isLoad ? (s.Operands[1], s.Operands[0]) : (s.Operands[0], s.Operands[1]);
        int size = PtxModule.SizeOf("." + type), bytes = size * count;
        int start = Source(address with { Kind = PtxOperand.IsRegister(address.Text) ? PtxOperandKind.Register : PtxOperandKind.Symbol });
        var slots = new int[count];
        foreach (var (e, o) in Elements(value, count).ToArray().Index()) slots[e] = isLoad ? Slot(o.Text) : Source(o);
        bool isSigned = type[0] == 's';
        return (w, mask) =>
        {
            w.Need(start, mask);
            foreach (int slot in slots)
            {
                if (isLoad) w.Known[slot] |= mask;
                else w.Need(slot, mask);
            }

            for (int i = 0; i < 32; i++)
            {
                if ((mask >> i & 1) == 0) continue;
                ulong at = w.Registers[start * 32 + i] + address.Value;
                if (at % (ulong)bytes != 0) throw new DeviceFault($"address 0x{at:x} is not aligned to {bytes}");
                if (isLoad)
                {
                    var from = isGlobal ? Global(w, at, bytes, isWrite: false) : w.Shared.Read(at, bytes, w.FirstThread + i);
                    for (int e = 0; e < count; e++) w.Registers[slots[e] * 32 + i] = Load(from.Slice(e * size, size), isSigned);
                }
                else
                {
                    var to = isGlobal ? Global(w, at, bytes, isWrite: true) : w.Shared.Write(at, bytes, w.FirstThread + i);
                    for (int e = 0; e < count; e++) Store(to.Slice(e * size, size), w.Registers[slots[e] * 32 + i]);
                }
            }
        };
    }

    private static unsafe Span<byte> Global(PtxWarp w, ulong at, int bytes, bool isWrite) => new(w.Memory.At(at, bytes, isWrite, ref w.Hit), bytes);

    private static ulong Load(ReadOnlySpan<byte> s, bool isSigned) => s.Length switch
    {
        1 => isSigned ? LaneOps.U((sbyte)s[0]) : s[0],
        2 => isSigned ? LaneOps.U(BinaryPrimitives.ReadInt16LittleEndian(s)) : BinaryPrimitives.ReadUInt16LittleEndian(s),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(s),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(s),
    };

    private static void Store(Span<byte> s, ulong v)
    {
        switch (s.Length)
        {
            case 1: s[0] = (byte)v; break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(s, (ushort)v); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(s, (uint)v); break;
            default: BinaryPrimitives.WriteUInt64LittleEndian(s, v); break;
        }
    }

    private LaneOp CopyAsync(PtxStatement s)
    {
        int to = Slot(s.Operands[0].Text), from = Slot(s.Operands[1].Text), size = (int)s.Operands[2].Value;
        ulong toOffset = s.Operands[0].Value, fromOffset = s.Operands[1].Value;
        return (w, mask) =>
        {
            w.Need(to, mask);
            w.Need(from, mask);
            for (int i = 0; i < 32; i++)
            {
                if ((mask >> i & 1) == 0) continue;
                ulong t = w.Registers[to * 32 + i] + toOffset, f = w.Registers[from * 32 + i] + fromOffset;
                if (f % (ulong)size != 0) throw new DeviceFault($"cp.async from 0x{f:x}, which is not aligned to {size}");
                Global(w, f, size, isWrite: false);
                w.Shared.Start(t, size, w.FirstThread + i);
                w.Open.Add(new(t, f, size, w.FirstThread + i));
            }
        };
    }

    private static void Land(PtxWarp w, List<PtxWarp.AsyncCopy> copies)
    {
        foreach (var c in copies) w.Shared.Land(c.To, Global(w, c.From, c.Bytes, isWrite: false), c.Thread);
    }

    private LaneOp LoadMatrix(PtxStatement s)
    {
        int[] d = Registers(s.Operands[0]);
        int start = Slot(s.Operands[1].Text);
        ulong offset = s.Operands[1].Value;
        return (w, mask) =>
        {
            w.NeedWhole(mask);
            w.Need(start, mask);
            Span<ulong> rows = stackalloc ulong[32];
            w.Registers.AsSpan(start * 32, 32).CopyTo(rows); // a result may be the address's own register
            for (int m = 0; m < d.Length; m++)
            {
                w.Known[d[m]] = mask;
                for (int row = 0; row < 8; row++)
                {
                    ulong at = rows[m * 8 + row] + offset;
                    if (at % 16 != 0) throw new DeviceFault("a row of ldmatrix is not aligned to 16");
                    for (int t = 0; t < 4; t++) // lane row*4+t receives four bytes, and counts as their reader
                        w.Registers[d[m] * 32 + row * 4 + t] = Load(w.Shared.Read(at + (ulong)t * 4, 4, w.FirstThread + row * 4 + t), false);
                }
            }
        };
    }

    private LaneOp Multiply(PtxStatement s)
    {
        int[] d = Registers(s.Operands[0]), a = Registers(s.Operands[1]), b = Registers(s.Operands[2]), c = Registers(s.Operands[3]);
        return (w, mask) =>
        {
            w.NeedWhole(mask);
            foreach (int x in (ReadOnlySpan<int>)[.. a, .. b, .. c]) w.Need(x, mask);
            var r = w.Registers;
            Span<int> left = stackalloc int[MatrixRows * MatrixDepth], right = stackalloc int[MatrixColumns * MatrixDepth];
            for (int lane = 0; lane < 32; lane++)
            {
                int g = lane >> 2, t = lane & 3;
                for (int i = 0; i < 4; i++) // a0: row g, k 4t..; a1: row g+8; a2, a3: the same, k 16 further
                    for (int k = 0; k < 4; k++)
                        left[(g + (i & 1) * 8) * MatrixDepth + (i >> 1) * 16 + t * 4 + k] = (byte)(r[a[i] * 32 + lane] >> 8 * k);
                for (int i = 0; i < 2; i++)
                    for (int k = 0; k < 4; k++) right[g * MatrixDepth + i * 16 + t * 4 + k] = (sbyte)(byte)(r[b[i] * 32 + lane] >> 8 * k);
            }

            for (int lane = 0; lane < 32; lane++)
            {
                int g = lane >> 2, t = lane & 3;
                for (int i = 0; i < 4; i++) // c0, c1: row g, columns 2t and 2t+1; c2, c3: row g+8
                {
                    var row = left.Slice((g + (i >> 1) * 8) * MatrixDepth, MatrixDepth);
                    var column = right.Slice((t * 2 + (i & 1)) * MatrixDepth, MatrixDepth);
                    r[d[i] * 32 + lane] = LaneOps.U((int)r[c[i] * 32 + lane] + Dot(row, column));
                }
            }

            foreach (int x in d) w.Known[x] = mask;
        };
    }

    /// <summary>
    /// Sixteen products at a time, added up exactly and rounded once: a device does so in an order and with roundings that NVIDIA does not tell.
    /// </summary>
    private LaneOp MultiplyHalves(PtxStatement s)
    {
        int[] d = Registers(s.Operands[0]), a = Registers(s.Operands[1]), b = Registers(s.Operands[2]), c = Registers(s.Operands[3]);
        return (w, mask) =>
        {
            w.NeedWhole(mask);
            foreach (int x in (ReadOnlySpan<int>)[.. a, .. b, .. c]) w.Need(x, mask);
            var r = w.Registers;
            Span<float> left = stackalloc float[MatrixRows * HalfDepth], right = stackalloc float[MatrixColumns * HalfDepth];
            for (int lane = 0; lane < 32; lane++)
            {
                int g = lane >> 2, t = lane & 3;
                for (int i = 0; i < 4; i++) // a0: row g, k 2t..; a1: row g+8; a2, a3: the same, k 8 further
                    for (int k = 0; k < 2; k++)
                        left[(g + (i & 1) * 8) * HalfDepth + (i >> 1) * 8 + t * 2 + k] = LaneOps.H(r[a[i] * 32 + lane] >> 16 * k);
                for (int i = 0; i < 2; i++)
                    for (int k = 0; k < 2; k++) right[g * HalfDepth + i * 8 + t * 2 + k] = LaneOps.H(r[b[i] * 32 + lane] >> 16 * k);
            }

            for (int lane = 0; lane < 32; lane++)
            {
                int g = lane >> 2, t = lane & 3;
                for (int i = 0; i < 4; i++) // c0, c1: row g, columns 2t and 2t+1; c2, c3: row g+8
                {
                    double sum = LaneOps.F(r[c[i] * 32 + lane]);
                    for (int k = 0; k < HalfDepth; k++)
                        sum += (double)left[(g + (i >> 1) * 8) * HalfDepth + k] * right[(t * 2 + (i & 1)) * HalfDepth + k];
                    r[d[i] * 32 + lane] = LaneOps.U((float)sum);
                }
            }

            foreach (int x in d) w.Known[x] = mask;
        };
    }

    private static int Dot(ReadOnlySpan<int> row, ReadOnlySpan<int> column)
    {
        var sums = Vector256<int>.Zero;
        for (int k = 0; k < MatrixDepth; k += Vector256<int>.Count)
            sums += Vector256.Create(row.Slice(k, Vector256<int>.Count)) * Vector256.Create(column.Slice(k, Vector256<int>.Count));
        return Vector256.Sum(sums);
    }

    private int[] Registers(PtxOperand o) => [.. o.Parts!.Select(p => Slot(p.Text))];
}
