using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>Where GatherND reads and ScatterND writes: the last axis of the indices holds the first indices of a slice of the data.</summary>
internal static class SlicePlaces
{
    /// <summary>Refuses indices that do not fit the data.</summary>
    /// <returns>How many indices make up a place.</returns>
    /// <exception cref="EdgeException">Exit 3: they do not fit.</exception>
    public static int Check(Node node, InputType data, InputType indices, int batchDims)
    {
        if (indices.Type != ElementType.Int64) throw OperatorRules.Bad(node, $"indices of {indices.Type}; Int64 is expected");
        if (data.Shape.Rank == 0 || indices.Shape.Rank == 0)
            throw OperatorRules.Bad(node, $"indices of shape {indices.Shape} for data of shape {data.Shape}; both need a dimension");
        int length = indices.Shape[^1];
        bool fits = batchDims >= 0 && batchDims < Math.Min(data.Shape.Rank, indices.Shape.Rank) && length <= data.Shape.Rank - batchDims;
        for (int d = 0; fits && d < batchDims; d++) fits = data.Shape[d] == indices.Shape[d];
        return fits ? length
            : throw OperatorRules.Bad(node, $"indices of shape {indices.Shape} for data of shape {data.Shape} with {batchDims} batch dimensions");
    }

    /// <summary>Number of the slice of the data at which one of the places is.</summary>
    /// <exception cref="EdgeException">Exit 3: an index is outside of the data.</exception>
    public static int Of(Node node, Shape data, TensorView indices, int place, int batchDims)
    {
        int length = indices.Shape[^1], perBatch = RowMajor.Product(indices.Shape, batchDims, indices.Shape.Rank - 1), slice = place / perBatch;
        for (int i = 0; i < length; i++)
        {
            int size = data[batchDims + i];
            slice = slice * size + RowMajor.Index(node, indices.Integer(place * length + i), size);
        }

        return slice;
    }
}
