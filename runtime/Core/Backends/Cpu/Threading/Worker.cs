using System.Runtime.InteropServices;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// A thread on a core of its own that does parts of steps for whoever has rented it. Between steps it spins, for a step follows the
/// other within a microsecond; with no step for a while it sleeps and costs nothing.
/// </summary>
internal sealed unsafe class Worker
{
    /// <summary>Looks at the next step's announcement before sleeping: some hundred microseconds, longer than anything between two steps.</summary>
    private const int Spins = 20_000;

    private readonly object _door = new(); // Not a Lock: it is slept on.
    private PreparedKernel? _kernel;
    private byte* _arena;
    private int _first, _end, _parts;
    private Exception? _failure;

    // Each on a cache line of its own: one side writes it while the other looks at it.
    private PaddedInt _announced, _done, _asleep;

    /// <param name="core">Where it runs.</param>
    /// <param name="number">For its name.</param>
    public Worker(CpuCore core, int number)
    {
        Core = core;
        var thread = new Thread(Work) { IsBackground = true, Name = $"resnetedge-{number}" };
        thread.Start();
    }

    /// <summary>Where it runs.</summary>
    public CpuCore Core { get; }

    /// <summary>Waits for a step in its sleep.</summary>
    public bool IsAsleep => Volatile.Read(ref _asleep.Value) != 0;

    /// <summary>Starts parts <paramref name="first"/> .. <paramref name="end"/>-1; <see cref="Join"/> must follow.</summary>
    public void Start(PreparedKernel kernel, byte* arena, int first, int end, int parts)
    {
        _arena = arena;
        (_kernel, _first, _end, _parts) = (kernel, first, end, parts);
        Interlocked.Increment(ref _announced.Value); // A full fence: what was written above is seen, and _asleep is read after.
        if (!IsAsleep)
            return;
        lock (_door)
            Monitor.Pulse(_door);
    }

    /// <summary>Waits until the parts are done.</summary>
    /// <returns>What went wrong, or null.</returns>
    public Exception? Join()
    {
        var spinner = new SpinWait();
        for (int i = 0; Volatile.Read(ref _done.Value) != _announced.Value; i++)
        {
            if (i < Spins)
                Thread.SpinWait(1);
            else
                spinner.SpinOnce(sleep1Threshold: -1); // The worker's core is taken by another process.
        }

        return _failure;
    }

    private void Work()
    {
        new ThreadAffinity().Pin(Core);
        for (int seen = 0; ; seen++)
        {
            Await(seen);
            _failure = null;
            try
            {
                for (int part = _first; part < _end; part++)
                    _kernel!.Run(_arena, part, _parts);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _failure = e;
            }

            _kernel = null; // A sleeping worker keeps no network alive.
            Volatile.Write(ref _done.Value, seen + 1);
        }
    }

    private void Await(int seen)
    {
        for (int i = 0; i < Spins; i++)
        {
            if (Volatile.Read(ref _announced.Value) != seen)
                return;
            Thread.SpinWait(1);
        }

        lock (_door)
        {
            // Said before the last look: either the next step is seen here, or its announcer sees the sleeper.
            Interlocked.Exchange(ref _asleep.Value, 1);
            while (Volatile.Read(ref _announced.Value) == seen)
                Monitor.Wait(_door);
            Volatile.Write(ref _asleep.Value, 0);
        }
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedInt
    {
        [FieldOffset(128)]
        public int Value;
    }
}
