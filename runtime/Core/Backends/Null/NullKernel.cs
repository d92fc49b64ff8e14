using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Null;

/// <summary>A problem as the plan has bound it, to be looked at.</summary>
internal sealed record NullKernel(StepProblem Problem) : IStepKernel
{
    public string Name => Problem.GetType().Name;

    public long PackedBytes => 0;

    public void Dispose()
    {
    }
}
