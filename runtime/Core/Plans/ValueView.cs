using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>What a value is that no step computes: elements of another, under another shape, with its axes permuted, or some of them.</summary>
/// <param name="Source">The other value.</param>
/// <param name="Of">How its elements lie, from the source's strides and its own shape; null where they would have to be moved.</param>
/// <param name="KeepsOrder">Whether it has all elements in the row-major order of the source.</param>
internal sealed record ValueView(string Source, Func<ElementStrides, Shape, ElementStrides?> Of, bool KeepsOrder);
