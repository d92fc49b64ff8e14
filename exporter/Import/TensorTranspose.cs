using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>Constants with their axes in another order.</summary>
internal static class TensorTranspose
{
    /// <summary>Axis i of the result is axis <paramref name="axes"/>[i] of the value.</summary>
    public static Tensor Apply(Tensor value, params ReadOnlySpan<int> axes)
    {
        int rank = value.Shape.Rank, size = value.Type.Size();
        int[] strides = new int[rank], dimensions = new int[rank], steps = new int[rank], index = new int[rank];
        for (int d = rank - 1, stride = size; d >= 0; stride *= value.Shape[d--]) strides[d] = stride;
        for (int d = 0; d < rank; d++) (dimensions[d], steps[d]) = (value.Shape[axes[d]], strides[axes[d]]);

        var source = value.Bytes.Span;
        byte[] target = new byte[source.Length];
        int offset = 0;
        for (int done = 0; done < target.Length; done += size)
        {
            source.Slice(offset, size).CopyTo(target.AsSpan(done));
            for (int d = rank - 1; d >= 0; d--)
            {
                offset += steps[d];
                if (++index[d] < dimensions[d]) break;
                offset -= steps[d] * index[d];
                index[d] = 0;
            }
        }

        return new Tensor(value.Type, new Shape(dimensions), target);
    }
}
