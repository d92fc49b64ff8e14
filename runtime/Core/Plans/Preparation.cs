using System.Runtime.ExceptionServices;
using ResNetEdge.Backends;

namespace ResNetEdge.Plans;

/// <summary>
/// Has the backend prepare the steps of a plan: weights are packed, which is most of the time that loading takes, so several threads
/// share it.
/// </summary>
internal sealed class Preparation
{
    private readonly IReadOnlyList<PlanStep> _steps;
    private readonly IBackend _backend;
    private readonly Action<ReadOnlyMemory<byte>>? _packed;
    private readonly PreparedStep?[] _prepared;
    private readonly Exception?[] _failures;
    private readonly Dictionary<ReadOnlyMemory<byte>, int> _users = []; // Layers may share their weights.
    private int _next = -1;
    private volatile bool _hasFailed;

    private Preparation(IReadOnlyList<PlanStep> steps, IBackend backend, Action<ReadOnlyMemory<byte>>? packed)
    {
        (_steps, _backend, _packed) = (steps, backend, packed);
        (_prepared, _failures) = (new PreparedStep?[steps.Count], new Exception?[steps.Count]);
        foreach (var step in steps) _users[step.Weights] = _users.GetValueOrDefault(step.Weights) + 1;
    }

    /// <summary>Binds and prepares all steps.</summary>
    /// <param name="steps">In order; their buffers have places.</param>
    /// <param name="backend">Who runs them.</param>
    /// <param name="threads">How many work; the caller is one of them.</param>
    /// <param name="packed">Called, one caller at a time, with weights that no step has still to pack.</param>
    /// <exception cref="EdgeException">Exit 3: numbers that cannot be run; the first such step is named.</exception>
    public static PreparedStep[] Run(IReadOnlyList<PlanStep> steps, IBackend backend, int threads, Action<ReadOnlyMemory<byte>>? packed)
    {
        var work = new Preparation(steps, backend, packed);
        Thread[] helpers = [.. Enumerable.Range(1, Math.Clamp(threads, 1, Math.Max(1, steps.Count)) - 1)
            .Select(_ => new Thread(work.Work) { IsBackground = true, Name = "resnetedge-pack" })];
        foreach (var helper in helpers) helper.Start();
        work.Work();
        foreach (var helper in helpers) helper.Join();
        if (!work._hasFailed) return work._prepared!;
        foreach (var step in work._prepared) step?.Kernel.Dispose();
        // Steps are taken in order, so all before the first failure were done: it is the same one every time.
        ExceptionDispatchInfo.Throw(Array.Find(work._failures, f => f is not null)!);
        return [];
    }

    private void Work()
    {
        while (!_hasFailed)
        {
            int i = Interlocked.Increment(ref _next);
            if (i >= _steps.Count) return;
            try
            {
                _prepared[i] = Prepare(_steps[i]);
                Release(_steps[i].Weights);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _failures[i] = e; // Thrown on, in the caller's thread.
                _hasFailed = true;
            }
        }
    }

    private PreparedStep Prepare(PlanStep step)
    {
        try
        {
            long bytes = step.Reads.Concat(step.Writes).Sum(b => b.ElementBytes);
            return new PreparedStep(step.Operation, step.Node, step.Macs, step.FusedAdds, bytes, _backend.Prepare(step.Bind()));
        }
        catch (EdgeException e)
        {
            throw EdgeException.BadInput($"{step.Operation} '{step.Node}': {e.Message}", e);
        }
    }

    private void Release(ReadOnlyMemory<byte> weights)
    {
        lock (_users)
        {
            if (--_users[weights] == 0) _packed?.Invoke(weights);
        }
    }
}
