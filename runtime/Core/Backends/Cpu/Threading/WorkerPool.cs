using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// The cores of this process, which all its engines share. For one inference an engine rents a core for its caller and one for each
/// helper; engines that run at the same time, each in a thread of its caller, never get the same one. A helper whose core another process
/// uses rests for a while (<see cref="CoreRest"/>).
/// </summary>
internal sealed class WorkerPool
{
    private readonly Lock _turn = new();
    private readonly Worker?[] _workers;
    private readonly bool[] _isTaken;
    private readonly CoreRest[] _rests;
    private readonly bool _restsBusyCores;

    /// <param name="cores">At least one, best first.</param>
    /// <param name="restsBusyCores">A core that another process uses rests.</param>
    public WorkerPool(IReadOnlyList<CpuCore> cores, bool restsBusyCores = true)
    {
        Cores = cores;
        _restsBusyCores = restsBusyCores;
        _workers = new Worker?[cores.Count];
        _isTaken = new bool[cores.Count];
        _rests = new CoreRest[cores.Count];
    }

    /// <summary>The process's.</summary>
    public static WorkerPool Shared { get; } = new(CpuCores.Available);

    /// <summary>Cores, best first.</summary>
    public IReadOnlyList<CpuCore> Cores { get; }

    /// <summary>
    /// Starts every core's worker, so that <see cref="Rent"/> never does: the system moves a caller
    /// from core to core, and each move asks for another helper.
    /// </summary>
    public void Prepare()
    {
        lock (_turn)
        {
            for (int i = 0; i < _workers.Length; i++)
                _workers[i] ??= new Worker(Cores[i], i);
        }
    }

    /// <summary>
    /// Rents cores for one inference; <see cref="Return"/> must follow, and <see cref="Prepare"/> was called once before when there are helpers.
    /// </summary>
    /// <param name="cpu">The processor that the caller is on. It keeps it unless a faster one is
    /// free: helpers are pinned, so they must not meet it there.</param>
    /// <param name="caller">The caller's core; null when all are taken, and then there are no helpers.</param>
    /// <param name="helpers">Receives workers on other cores, no more than fit: the fastest first,
    /// and of those the ones of the caller's cluster.</param>
    /// <returns>How many helpers: fewer than fit where other callers are running.</returns>
    public int Rent(int cpu, out CpuCore? caller, Span<Worker?> helpers)
    {
        lock (_turn)
        {
            int own = Free(cpu);
            caller = own < 0 ? null : Cores[own];
            if (own < 0)
                return 0;
            _isTaken[own] = true;
            int count = 0;
            for (int start = 0, end; start < Cores.Count && count < helpers.Length; start = end)
            {
                end = EndOfEquals(start);
                count += Take(start, end, caller!.Cluster, isNear: true, helpers[count..]);
                count += Take(start, end, caller.Cluster, isNear: false, helpers[count..]);
            }

            return count;
        }
    }

    /// <summary>Gives them back.</summary>
    public void Return(CpuCore? caller, ReadOnlySpan<Worker?> helpers)
    {
        lock (_turn)
        {
            if (caller is not null)
                _isTaken[PlaceOf(caller)] = false;
            foreach (var helper in helpers)
            {
                int place = PlaceOf(helper!.Core);
                _isTaken[place] = false;
                _rests[place].Note(helper.WasHeldUp && _restsBusyCores);
            }
        }
    }

    /// <summary>Place of the core with this number if nobody has it and no better one is free, else of the best that nobody has, else -1.</summary>
    private int Free(int cpu)
    {
        int first = -1;
        for (int i = 0; i < Cores.Count; i++)
        {
            if (_isTaken[i])
                continue;
            if (first < 0)
                first = i;
            if (Cores[i].Index == cpu)
                return AreEqual(Cores[first], Cores[i]) ? i : first;
        }

        return first;
    }

    /// <summary>Takes the free cores of a range that are in the cluster, or those that are not; not those that rest.</summary>
    private int Take(int start, int end, int cluster, bool isNear, Span<Worker?> helpers)
    {
        int count = 0;
        for (int i = start; i < end && count < helpers.Length; i++)
        {
            if (_isTaken[i] || Cores[i].Cluster == cluster != isNear)
                continue;
            if (_rests[i].IsResting)
            {
                _rests[i].Skip();
                continue;
            }

            var worker = _workers[i] ?? throw new InvalidOperationException("helpers are rented from a pool that was not prepared");
            worker.BeginRent();
            _isTaken[i] = true;
            helpers[count++] = worker;
        }

        return count;
    }

    private int EndOfEquals(int start)
    {
        int end = start + 1;
        while (end < Cores.Count && AreEqual(Cores[start], Cores[end]))
            end++;
        return end;
    }

    private static bool AreEqual(CpuCore a, CpuCore b) => (a.Capacity, a.Sibling) == (b.Capacity, b.Sibling);

    private int PlaceOf(CpuCore core)
    {
        int place = 0;
        while (Cores[place].Index != core.Index)
            place++;
        return place;
    }
}
