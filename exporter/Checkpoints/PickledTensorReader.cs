using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// Turns pickled tensors into contiguous ones. A tensor that already lies contiguous shares its storage's bytes; others are copied, up to a budget.
/// </summary>
/// <param name="file">The checkpoint's name, for messages.</param>
/// <param name="copyBudget">Bytes that may be copied altogether: a tensor of stride 0 claims many elements for few bytes.</param>
/// <param name="storageBytes">The bytes of a storage, exactly Count elements of them.</param>
internal sealed class PickledTensorReader(string file, long copyBudget, Func<PickledStorage, ReadOnlyMemory<byte>> storageBytes)
{
    /// <summary>Copies allowed beyond the file's own size.</summary>
    public const long ExtraCopyBytes = 64L << 20;

    private long _copied;

    /// <summary>The tensor's elements in row-major order.</summary>
    /// <exception cref="EdgeException">Exit 3: the storage is not there or too short, or the copies outgrow the budget.</exception>
    public Tensor Read(string name, PickledTensor pickled)
    {
        var type = pickled.Storage.Type;
        var bytes = storageBytes(pickled.Storage);
        int count = pickled.Shape.ElementCount;
        if (pickled.IsContiguous && type.IsPlain)
            return new Tensor(
                type.Type, pickled.Shape, count == 0 ? default : bytes.Slice(checked((int)(pickled.Offset * type.Size)), checked(count * type.Size)));

        _copied += (long)count * type.Type.Size();
        if (_copied > copyBudget || (long)count * type.Type.Size() > Array.MaxLength)
        {
            throw EdgeException.BadInput(
                $"{file}: parameter {FileText.Quote(name)} of shape {pickled.Shape} repeats a storage of {pickled.Storage.Count} elements "
                    + "and would outgrow the file many times; save it after .contiguous()");
        }

        var dense = new byte[count * type.Size];
        if (count > 0) Gather(bytes.Span, dense, pickled, type.Size);
        return new Tensor(type.Type, pickled.Shape, type.IsPlain ? dense : WidenInt16(dense));
    }

    /// <summary>16-bit integers as the 32-bit ones that memory holds.</summary>
    public static byte[] WidenInt16(ReadOnlySpan<byte> narrow)
    {
        var wide = new byte[narrow.Length * 2];
        var target = MemoryMarshal.Cast<byte, int>(wide.AsSpan());
        for (int i = 0; i < target.Length; i++) target[i] = BinaryPrimitives.ReadInt16LittleEndian(narrow[(2 * i)..]);
        return wide;
    }

    private static void Gather(ReadOnlySpan<byte> from, Span<byte> to, PickledTensor view, int size)
    {
        var shape = view.Shape.Dimensions;
        Span<int> index = stackalloc int[shape.Length];
        index.Clear();
        long element = view.Offset;
        for (int at = 0; ; at += size)
        {
            from.Slice(checked((int)(element * size)), size).CopyTo(to[at..]);
            int axis = shape.Length - 1;
            for (; axis >= 0; axis--)
            {
                element += view.Strides[axis];
                if (++index[axis] < shape[axis]) break;
                element -= view.Strides[axis] * shape[axis];
                index[axis] = 0;
            }

            if (axis < 0) return;
        }
    }
}
