using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>What a value is that no step computes: the elements of another, under another shape or with its axes permuted.</summary>
/// <param name="Source">The other value.</param>
/// <param name="Permutation">For each axis the source's; null where the row-major order is kept.</param>
internal sealed record ValueView(string Source, long[]? Permutation)
{
    /// <summary>How its elements lie where the source's lie so; null where a new shape would need them moved.</summary>
    public ElementStrides? Of(ElementStrides source, Shape shape) => Permutation is null ? source.Reshaped(shape) : source.Transposed(Permutation);
}
