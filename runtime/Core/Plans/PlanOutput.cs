using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>An output of a plan.</summary>
/// <param name="Info">As the model declares it.</param>
/// <param name="Buffer">Where it lies, in the type of <paramref name="Info"/>.</param>
/// <param name="Layout">Row-major in the model's own shape, or channels innermost.</param>
/// <param name="Step">Number of the step after which it is whole.</param>
internal sealed record PlanOutput(TensorInfo Info, PlanBuffer Buffer, Layout Layout, int Step);
