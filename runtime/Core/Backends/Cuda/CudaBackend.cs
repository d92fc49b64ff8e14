using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>
/// A GPU by the CUDA driver; int8 is computed bit for bit as on the CPU, floats within bounds that the kernels state. Needs no device to prepare what
/// runs on one.
/// </summary>
/// <param name="processor">Compute capability times ten: 87 for sm_87.</param>
internal sealed class CudaBackend(int processor) : IBackend
{
    public string Name => "cuda";

    public bool Takes(StepProblem problem) => CudaKernelTable.Best(problem, processor) is not null;

    public long ScratchBytes(StepProblem problem, int threads) => 0;

    /// <summary>Half the bytes to move, and tensor cores that take them.</summary>
    public bool PrefersHalf(StepProblem problem) => Takes(problem);

    public IStepKernel Prepare(StepProblem problem)
    {
        problem.Check();
        return Best(problem).Prepare(problem);
    }

    /// <summary>The kernel that computes a problem.</summary>
    /// <exception cref="EdgeException">Exit 5: there is none.</exception>
    public CudaKernelEntry Best(StepProblem problem) => CudaKernelTable.Best(problem, processor)
        ?? throw EdgeException.Unavailable($"no kernel of the engine cuda computes a {problem.GetType().Name} for sm_{processor}");
}
