using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// The threads that go through a plan together: each step is forked into static parts and joined. Parts that a helper has not begun when the
/// caller is done are the caller's: nobody waits for a helper to wake, or for one whose core is busy. Costs about a microsecond a step;
/// allocates nothing. Results do not depend on how many threads there were.
/// </summary>
internal sealed unsafe class ThreadTeam
{
    private readonly WorkerPool _pool;
    private readonly Worker?[] _helpers;
    private readonly int[] _shares; // The caller's first.
    private ThreadAffinity _affinity;
    private CpuCore? _core;
    private int _rented, _parts;

    /// <param name="threads">The caller and its helpers; more than there are cores are not used.</param>
    /// <param name="pool">Where helpers come from.</param>
    public ThreadTeam(int threads, WorkerPool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _pool = pool;
        Threads = Math.Min(threads, pool.Cores.Count);
        if (Threads > 1)
            pool.Prepare();
        _helpers = new Worker?[Threads - 1];
        _shares = new int[Threads];
    }

    /// <summary>How many share a step at most.</summary>
    public int Threads { get; }

    /// <summary>Parts that a step is cut into at most, by a team of so many threads.</summary>
    public static int MostParts(int threads, WorkerPool pool) => Shares.Most(pool.Cores.Select(c => c.Capacity), Math.Min(threads, pool.Cores.Count));

    /// <summary>
    /// Gathers the helpers for one inference and keeps the caller away from their cores; <see cref="End"/> must follow. A team of one
    /// takes part, so that others do not count on its core.
    /// </summary>
    public void Begin()
    {
        _rented = _pool.Rent(ThreadAffinity.CurrentCpu, out _core, _helpers);
        if (_rented == 0)
            return;
        _affinity.Pin(_core!);
        _shares[0] = _core!.Capacity;
        for (int i = 0; i < _rented; i++)
            _shares[i + 1] = _helpers[i]!.Core.Capacity;
        _parts = Shares.Divide(_shares.AsSpan(0, _rented + 1));
    }

    /// <summary>Lets them go.</summary>
    public void End()
    {
        _affinity.Restore();
        _pool.Return(_core, _helpers.AsSpan(0, _rented));
        (_core, _rented) = (null, 0);
    }

    /// <summary>Runs a kernel in as many parts as there are threads to do them.</summary>
    public void Run(PreparedKernel kernel, byte* arena)
    {
        if (_rented == 0)
        {
            kernel.Run(arena, 0, 1);
            return;
        }

        int next = _shares[0];
        for (int i = 0; i < _rented; i++)
        {
            int first = next;
            next += _shares[i + 1];
            _helpers[i]!.Start(kernel, arena, first, next, _parts);
        }

        Exception? failure = null;
        try
        {
            for (int part = 0; part < _shares[0]; part++)
                kernel.Run(arena, part, _parts);
        }
        finally
        {
            for (int i = 0; i < _rented; i++)
                failure = _helpers[i]!.Join() ?? failure;
        }

        if (failure is not null)
            throw new InvalidOperationException($"a worker failed in {kernel.Name}", failure);
    }
}
