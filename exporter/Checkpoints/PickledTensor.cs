using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>A tensor as pickled: a strided view of a storage, not yet read. Its extent is known to lie within the storage's claimed count.</summary>
internal sealed class PickledTensor
{
    /// <summary>More dimensions than any weight has.</summary>
    private const int MaxRank = 8;

    private PickledTensor(PickledStorage storage, long offset, Shape shape, long[] strides) =>
        (Storage, Offset, Shape, Strides) = (storage, offset, shape, strides);

    /// <summary>Where the elements are.</summary>
    public PickledStorage Storage { get; }

    /// <summary>First element, counted from the storage's begin.</summary>
    public long Offset { get; }

    /// <summary>The tensor's dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Elements from one index to the next, per dimension; not negative.</summary>
    public long[] Strides { get; }

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int axis = Shape.Rank - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected) return false;
                expected *= Shape[axis];
            }

            return true;
        }
    }

    /// <summary>Checks every claim of a pickled tensor.</summary>
    /// <exception cref="EdgeException">Exit 3: rank, dimension, stride or extent that the storage cannot hold.</exception>
    public static PickledTensor Create(string file, PickledStorage storage, long offset, long[] sizes, long[] strides)
    {
        EdgeException Bad(string why) => EdgeException.BadInput(
            $"{file}: a tensor of storage {FileText.Quote(storage.Key)} {why}; the checkpoint is damaged, save it again");
        if (sizes.Length > MaxRank) throw Bad($"has {sizes.Length} dimensions, more than {MaxRank}");
        if (sizes.Length != strides.Length) throw Bad($"has {sizes.Length} dimensions but {strides.Length} strides");
        if (offset < 0) throw Bad($"begins at element {offset}");

        Int128 count = 1, last = offset;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] is < 0 or > int.MaxValue) throw Bad($"has the dimension {sizes[axis]}");
            if (strides[axis] < 0) throw Bad($"has the stride {strides[axis]}");
            count *= sizes[axis];
            if (count > Shape.MaxElements) throw Bad($"claims more than {Shape.MaxElements} elements");
            last += (sizes[axis] - 1) * (Int128)strides[axis];
        }

        if (count == 0 ? offset > storage.Count : last >= storage.Count)
            throw Bad($"reaches element {last}, but the storage has only {storage.Count}");
        return new PickledTensor(storage, offset, new Shape(Array.ConvertAll(sizes, static s => (int)s)), strides);
    }
}
