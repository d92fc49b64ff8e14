using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>Turns a <c>SparseTensorProto</c> into a constant with its zeros filled in, in bounds: a few bytes may claim any size.</summary>
internal sealed class SparseTensorReader(OnnxSource source, TensorReader tensors)
{
    /// <summary>Bytes that the sparse tensors of one file may become.</summary>
    public const long MaxBytes = 256L << 20;

    private long _bytes;

    /// <summary>Reads a tensor.</summary>
    /// <param name="proto">Values [N]; indices [N] into the flattened tensor, or [N][rank]; strictly ascending.</param>
    /// <param name="what">How messages call it.</param>
    /// <exception cref="EdgeException">Exit 3: parts that are missing or do not fit, an index outside or out of order, or more than <see
    /// cref="MaxBytes"/>.</exception>
    public Tensor Read(SparseTensorProto proto, string what)
    {
        if (proto.Values is null || proto.Indices is null) throw source.Fail($"{what} is sparse and lacks its values or their indices");
        var values = tensors.Read(proto.Values, $"the values of {what}");
        var indices = tensors.Read(proto.Indices, $"the indices of {what}");
        var shape = tensors.ReadShape(proto.Dims, what);
        int count = values.Shape.ElementCount, rank = shape.Rank, size = values.Type.Size();
        bool isFlat = indices.Shape.Rank == 1;
        if (values.Shape.Rank != 1 || indices.Type != ElementType.Int64 || indices.Shape != (isFlat ? new Shape(count) : new Shape(count, rank)))
            throw source.Fail($"{what} has sparse values {values.Shape} with indices {indices.Type}[{indices.Shape}] for a shape of {shape}");
        if ((_bytes += (long)shape.ElementCount * size) > MaxBytes)
            throw source.Fail($"{what}: the sparse tensors become more than the {MaxBytes >> 20} MiB allowed");

        byte[] dense = new byte[shape.ElementCount * size];
        ReadOnlySpan<byte> from = values.Bytes.Span;
        ReadOnlySpan<long> at = indices.As<long>();
        long last = -1;
        for (int i = 0; i < count; i++)
        {
            long index = isFlat ? at[i] : Flatten(at.Slice(i * rank, rank), shape);
            if (index <= last || index >= shape.ElementCount)
                throw source.Fail($"{what} has a sparse index outside its shape {shape} or out of order");
            from.Slice(i * size, size).CopyTo(dense.AsSpan((int)index * size, size));
            last = index;
        }

        return new Tensor(values.Type, shape, dense);
    }

    // -1 for an index outside.
    private static long Flatten(ReadOnlySpan<long> index, Shape shape)
    {
        long flat = 0;
        for (int d = 0; d < shape.Rank; d++)
        {
            if (index[d] < 0 || index[d] >= shape[d]) return -1;
            flat = flat * shape[d] + index[d];
        }

        return flat;
    }
}
