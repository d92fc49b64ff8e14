using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>Where GatherElements reads and ScatterElements writes: at the index's own place, except along one axis.</summary>
internal static class ElementPlaces
{
    /// <summary>Refuses indices of another rank, or that reach beyond the data along another axis.</summary>
    /// <exception cref="EdgeException">Exit 3: as said.</exception>
    public static void Check(Node node, InputType data, InputType indices, int axis)
    {
        OperatorRules.CheckIndices(node, indices.Type);
        bool fits = indices.Shape.Rank == data.Shape.Rank;
        for (int d = 0; fits && d < data.Shape.Rank; d++) fits = d == axis || indices.Shape[d] <= data.Shape[d];
        if (!fits) throw OperatorRules.Bad(node, $"indices of shape {indices.Shape} for data of shape {data.Shape} along axis {axis}");
    }

    /// <summary>The element of the data that belongs to one of the indices.</summary>
    /// <exception cref="EdgeException">Exit 3: the index is outside of the data.</exception>
    public static int Of(Node node, Shape data, TensorView indices, int index, int axis)
    {
        int place = 0, stride = 1;
        for (int d = data.Rank - 1, rest = index; d >= 0; rest /= indices.Shape[d--])
        {
            place += stride * (d == axis ? RowMajor.Index(node, indices.Integer(index), data[d]) : rest % indices.Shape[d]);
            stride *= data[d];
        }

        return place;
    }
}
