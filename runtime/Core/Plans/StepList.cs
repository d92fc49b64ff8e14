using ResNetEdge.Backends;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>The steps so far, and the storages that they touch with their lifetimes.</summary>
/// <param name="backend">Who runs the steps.</param>
/// <param name="threads">Threads that share a step; each may need scratch memory of its own.</param>
internal sealed class StepList(IBackend backend, int threads)
{
    private readonly List<PlanStep> _steps = [];
    private readonly List<Storage> _storages = [];

    /// <summary>Steps in the order in which they run.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>Every storage that any step or the caller touches.</summary>
    public IReadOnlyList<Storage> Storages => _storages;

    /// <summary>Appends a step with the scratch memory that the backend asks for and stretches the lifetimes of what it touches.</summary>
    /// <exception cref="EdgeException">Unavailable: the backend does not take the problem.</exception>
    public void Append(PlanStep step)
    {
        if (!backend.Takes(step.Problem))
            throw EdgeException.Unavailable($"the step {step.Operation} of node '{step.Node}' cannot run on the backend '{backend.Name}'");
        long bytes = backend.ScratchBytes(step.Problem, threads);
        if (bytes > 0) step = step with { Scratch = Own(new Storage(bytes)) };
        foreach (var buffer in step.Reads.Concat(step.Writes)) buffer.Storage.Touch(_steps.Count);
        step.Scratch?.Touch(_steps.Count);
        _steps.Add(step);
    }

    /// <summary>What the backend expects a float convolution to cost, to choose between ways to compute the same.</summary>
    public double Cost(ConvShape shape) => backend.Cost(shape);

    /// <summary>A storage that the plan owns.</summary>
    public Storage Own(Storage storage)
    {
        _storages.Add(storage);
        return storage;
    }

    /// <summary>A buffer whose storage becomes one of the plan's.</summary>
    public PlanBuffer Own(PlanBuffer buffer)
    {
        Own(buffer.Storage);
        return buffer;
    }

    /// <summary>A dense buffer for a value, stored as another type maybe.</summary>
    public PlanBuffer NewBuffer(TensorInfo info, ElementType type) => NewBuffer(PlanBuffer.ShapeOf(info.Shape), type);

    /// <summary>A dense buffer that is no value of the graph.</summary>
    public PlanBuffer NewBuffer(NhwcShape shape, ElementType type) => Own(PlanBuffer.Dense(type, shape));
}
