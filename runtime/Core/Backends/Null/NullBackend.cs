using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Null;

/// <summary>Takes every problem, checks it and computes nothing: a network's plan on a machine of no kind.</summary>
internal sealed class NullBackend : IBackend
{
    public string Name => "null";

    public bool Takes(StepProblem problem) => true;

    public long ScratchBytes(StepProblem problem, int threads) => 0;

    public IStepKernel Prepare(StepProblem problem)
    {
        problem.Check();
        return new NullKernel(problem);
    }
}
