using ResNetEdge.Backends;

namespace ResNetEdge.Plans;

/// <summary>A step with its kernel.</summary>
/// <param name="Operation">What it does, for people: <c>Conv+Add+Relu</c>.</param>
/// <param name="Node">The graph node it stands for.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="FusedAdds">Residual adds inside it.</param>
/// <param name="ActivationBytes">Elements read and written, each counted once.</param>
/// <param name="Kernel">What the backend has made of it.</param>
internal sealed record PreparedStep(string Operation, string Node, long Macs, int FusedAdds, long ActivationBytes, IStepKernel Kernel);
