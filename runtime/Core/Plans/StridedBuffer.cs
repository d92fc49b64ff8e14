namespace ResNetEdge.Plans;

/// <summary>A value where it lies.</summary>
/// <param name="Buffer">The bytes, in the form in which a step has written them: its shape may be another than the value's.</param>
/// <param name="Strides">Where the value's elements are in it.</param>
internal sealed record StridedBuffer(PlanBuffer Buffer, ElementStrides Strides);
