using ResNetEdge.Kernels;

namespace ResNetEdge.Engines.Threading;

/// <summary>
/// The threads that go through a plan together: each step is forked into static parts and joined. Costs about a microsecond a step;
/// allocates nothing. Results do not depend on how many threads there were.
/// </summary>
internal sealed unsafe class ThreadTeam
{
    private readonly WorkerPool _pool;
    private readonly Worker?[] _workers;

    /// <summary>[participants - 1]: parts of each participant, the caller first.</summary>
    private readonly int[][] _shares;

    private int _rented;

    /// <param name="threads">The caller and its helpers; more than there are cores are not used.</param>
    /// <param name="pool">Where helpers come from.</param>
    public ThreadTeam(int threads, WorkerPool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _pool = pool;
        Threads = Math.Min(threads, pool.Cores.Count);
        _workers = new Worker?[Threads - 1];
        _shares = [.. Enumerable.Range(1, Threads).Select(participants => Shares.Of([.. pool.Cores.Take(participants).Select(c => c.Capacity)]))];
    }

    /// <summary>How many share a step at most.</summary>
    public int Threads { get; }

    /// <summary>Parts that a step is cut into at most, by a team of so many threads.</summary>
    public static int MostParts(int threads, WorkerPool pool) => new ThreadTeam(threads, pool)._shares.Max(s => s.Sum());

    /// <summary>Gathers the helpers for one inference; <see cref="End"/> must follow.</summary>
    public void Begin()
    {
        if (Threads > 1)
            _rented = _pool.Rent(_workers);
    }

    /// <summary>Lets them go.</summary>
    public void End()
    {
        if (Threads > 1)
            _pool.Return(_workers.AsSpan(0, _rented));
        _rented = 0;
    }

    /// <summary>Runs a kernel in as many parts as there are threads to do them.</summary>
    public void Run(PreparedKernel kernel, byte* arena)
    {
        if (_rented == 0)
        {
            kernel.Run(arena, 0, 1);
            return;
        }

        int[] shares = _shares[_rented];
        int parts = 0;
        foreach (int share in shares)
            parts += share;
        int next = shares[0];
        for (int i = 0; i < _rented; i++)
        {
            int first = next;
            next += shares[i + 1];
            _workers[i]!.Start(kernel, arena, first, next, parts);
        }

        Exception? failure = null;
        try
        {
            for (int part = 0; part < shares[0]; part++)
                kernel.Run(arena, part, parts);
        }
        finally
        {
            for (int i = 0; i < _rented; i++)
                failure = _workers[i]!.Join() ?? failure;
        }

        if (failure is not null)
            throw new InvalidOperationException($"a worker failed in {kernel.Name}", failure);
    }
}
