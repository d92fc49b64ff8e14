using ResNetEdge.Kernels;

namespace ResNetEdge.Engines;

/// <summary>
/// A few threads that do one step of a plan together: fork, static parts, join. Workers spin briefly for the next step and then
/// sleep, so an idle network costs nothing. Allocates nothing per step.
/// </summary>
internal sealed unsafe class ThreadTeam : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] _workers;
    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _sleeping;
    private PreparedKernel? _kernel;
    private byte* _arena;
    private int _generation;
    private int _running;
    private volatile Exception? _failure;
    private volatile bool _stop;

    /// <summary>Starts one worker less than there are threads; the caller is the first.</summary>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _wake = new SemaphoreSlim[threads - 1];
        _sleeping = new int[threads - 1];
        _workers = new Thread[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            int index = i;
            _wake[i] = new SemaphoreSlim(0);
            _workers[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"resnetedge-{i + 1}" };
            _workers[i].Start();
        }
    }

    /// <summary>How many share a step.</summary>
    public int Threads { get; }

    /// <summary>Runs a kernel in as many parts as there are threads.</summary>
    public void Run(PreparedKernel kernel, byte* arena)
    {
        if (Threads == 1)
        {
            kernel.Run(arena, 0, 1);
            return;
        }

        _kernel = kernel;
        _arena = arena;
        Volatile.Write(ref _running, _workers.Length);
        Interlocked.Increment(ref _generation);
        for (int i = 0; i < _workers.Length; i++)
            if (Interlocked.Exchange(ref _sleeping[i], 0) == 1) _wake[i].Release();
        try
        {
            kernel.Run(arena, 0, Threads);
        }
        finally
        {
            var spinner = new SpinWait();
            while (Volatile.Read(ref _running) > 0) spinner.SpinOnce(sleep1Threshold: -1);
        }

        if (_failure is { } failure) throw new InvalidOperationException($"a worker failed in {kernel.Name}", failure);
    }

    public void Dispose()
    {
        _stop = true;
        foreach (var wake in _wake) wake.Release();
        foreach (var worker in _workers) worker.Join();
        foreach (var wake in _wake) wake.Dispose();
    }

    private void Work(int index)
    {
        int seen = 0;
        while (!_stop)
        {
            if (!Await(index, seen)) continue;
            seen = Volatile.Read(ref _generation);
            try
            {
                _kernel!.Run(_arena, index + 1, Threads);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _failure = e;
            }

            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Waits for the next step; false when it was woken for nothing or to stop.</summary>
    private bool Await(int index, int seen)
    {
        for (int i = 0; i < SpinsBeforeSleep; i++)
        {
            if (Volatile.Read(ref _generation) != seen) return true;
            Thread.SpinWait(20);
        }

        // Announce the sleep, then look again: a step announced in between would otherwise be missed.
        Volatile.Write(ref _sleeping[index], 1);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _generation) != seen && Interlocked.Exchange(ref _sleeping[index], 0) == 1) return true;
        _wake[index].Wait();
        return Volatile.Read(ref _generation) != seen;
    }
}
