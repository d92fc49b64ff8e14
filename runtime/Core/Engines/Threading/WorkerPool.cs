using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Engines.Threading;

/// <summary>
/// The workers that all engines of a process share, one for each core but the first. An engine rents what is free for one inference;
/// engines that run at the same time, each in a thread of its caller, never use more threads together than there are cores.
/// </summary>
internal sealed class WorkerPool
{
    private readonly Lock _turn = new();
    private readonly IReadOnlyList<CpuCore> _cores;
    private readonly Stack<Worker> _idle = new();
    private int _started, _callers;

    /// <param name="cores">At least one, best first; the first is left to callers.</param>
    public WorkerPool(IReadOnlyList<CpuCore> cores) => _cores = cores;

    /// <summary>The process's.</summary>
    public static WorkerPool Shared { get; } = new(CpuCores.Available);

    /// <summary>Cores, best first.</summary>
    public IReadOnlyList<CpuCore> Cores => _cores;

    /// <summary>Rents workers for one inference of one caller; <see cref="Return"/> must follow.</summary>
    /// <param name="into">Receives the workers; no more than fit.</param>
    /// <returns>How many: fewer than asked where other callers are running.</returns>
    public int Rent(Span<Worker?> into)
    {
        lock (_turn)
        {
            _callers++;
            int busy = _started - _idle.Count, count = Math.Clamp(_cores.Count - _callers - busy, 0, into.Length);
            for (int i = 0; i < count; i++)
                into[i] = _idle.TryPop(out var worker) ? worker : Start();
            return count;
        }
    }

    /// <summary>Gives them back.</summary>
    public void Return(ReadOnlySpan<Worker?> workers)
    {
        lock (_turn)
        {
            _callers--;
            for (int i = workers.Length - 1; i >= 0; i--)
                _idle.Push(workers[i]!);
        }
    }

    private Worker Start()
    {
        _started++;
        return new Worker(_cores[_started], _started);
    }
}
