using ResNetEdge.Steps;

namespace ResNetEdge.Backends;

/// <summary>What the planner asks of a device. Thread-safe: several steps are prepared at the same time.</summary>
internal interface IBackend
{
    /// <summary>For messages and reports: <c>avx512vnni</c>.</summary>
    string Name { get; }

    /// <summary>Whether it can compute this problem, whose places need not be bound yet.</summary>
    bool Takes(StepProblem problem);

    /// <summary>Bytes of the arena that it may overwrite while it computes this problem, whose places need not be bound yet; 0 for none.</summary>
    /// <param name="problem">One that it takes.</param>
    /// <param name="threads">Threads that share a step.</param>
    long ScratchBytes(StepProblem problem, int threads);

    /// <summary>Whether it computes this problem, of float16, faster than the same of float32. Places and weights need not be there.</summary>
    bool PrefersHalf(StepProblem problem) => false;

    /// <summary>What a float convolution is expected to cost, in any unit: only to choose between ways to compute the same.</summary>
    double Cost(ConvShape shape) => shape.Macs;

    /// <summary>Checks a bound problem and packs its constants.</summary>
    /// <exception cref="EdgeException">Bad input: numbers with which the arithmetic would not be exact. The caller adds the layer's name.</exception>
    /// <exception cref="ArgumentException">The plan is wrong: a defect.</exception>
    IStepKernel Prepare(StepProblem problem);
}
