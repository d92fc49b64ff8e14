using ResNetEdge.Backends;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Backends.Null;
using ResNetEdge.Steps;

namespace ResNetEdge.Estimates;

/// <summary>Takes what the engine <c>cuda</c> takes on such a processor, and packs nothing: the steps of a plan, to be looked at.</summary>
/// <param name="processor">Compute capability times ten.</param>
internal sealed class EstimateBackend(int processor) : IBackend
{
    private readonly CudaBackend _cuda = new(processor);

    public string Name => _cuda.Name;

    public bool Takes(StepProblem problem) => _cuda.Takes(problem);

    public long ScratchBytes(StepProblem problem, int threads) => _cuda.ScratchBytes(problem, threads);

    public bool PrefersHalf(StepProblem problem) => ((IBackend)_cuda).PrefersHalf(problem);

    public IStepKernel Prepare(StepProblem problem)
    {
        _ = _cuda.Best(problem); // refused as the engine refuses it
        return new NullKernel(problem);
    }
}
