using System.Runtime.InteropServices;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// A thread on a core of its own that does parts of steps for whoever has rented it. Between steps it spins, for a step follows the
/// other within a microsecond; with no step for a while it sleeps and costs nothing. Parts that it has not begun can be taken from it.
/// </summary>
internal sealed unsafe class Worker
{
    /// <summary>Looks at what is left before sleeping: some hundred microseconds, longer than anything between two steps.</summary>
    private const int Spins = 20_000;

    private const int Awake = 0, Asleep = 1, Called = 2;

    private readonly object _door = new(); // Not a Lock: it is slept on.
    private readonly PartQueue _queue = new();
    private PreparedKernel? _kernel;
    private byte* _arena;
    private int _parts, _expected;
    private Exception? _failure;

    // Each on a cache line of its own: one side writes it while the other looks at it.
    private PaddedInt _done, _state;

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
    public bool IsAsleep => Volatile.Read(ref _state.Value) == Asleep;

    /// <summary>A part that it had begun made the caller wait for so long that another process must have its core; since it was rented.</summary>
    public bool WasHeldUp { get; private set; }

    /// <summary>Starts parts <paramref name="first"/> .. <paramref name="end"/>-1; <see cref="Join"/> must follow.</summary>
    public void Start(PreparedKernel kernel, byte* arena, int first, int end, int parts)
    {
        _arena = arena;
        (_kernel, _parts, _failure) = (kernel, parts, null);
        (_done.Value, _expected) = (0, end - first);
        _queue.Fill(first, end); // A full fence: what was written above is seen, and the state is read after.
        if (!IsAsleep)
            return;
        lock (_door)
        {
            if (_state.Value != Asleep)
                return;
            _state.Value = Called;
            Monitor.Pulse(_door);
        }
    }

    /// <summary>
    /// Does the parts that the worker has not begun, which are none unless it was asleep or its core busy, and waits for those that it has.
    /// </summary>
    /// <returns>What went wrong, or null.</returns>
    public Exception? Join()
    {
        while (_queue.TryTake(out int part))
        {
            _expected--;
            Run(part);
        }

        var spinner = new SpinWait();
        for (int i = 0; Volatile.Read(ref _done.Value) != _expected; i++)
        {
            if (i < Spins)
            {
                Thread.SpinWait(1);
                continue;
            }

            WasHeldUp = true;
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        _kernel = null; // A sleeping worker keeps no network alive.
        return _failure;
    }

    /// <summary>Forgets how it did for whoever rented it before.</summary>
    public void BeginRent() => WasHeldUp = false;

    private void Work()
    {
        new ThreadAffinity().Pin(Core);
        while (true)
        {
            Await();
            while (_queue.TryTake(out int part))
            {
                Run(part);
                Interlocked.Increment(ref _done.Value);
            }
        }
    }

    // Whoever has taken the part: until it is done, the caller changes nothing.
    private void Run(int part)
    {
        try
        {
            _kernel!.Run(_arena, part, _parts);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failure = e;
        }
    }

    private void Await()
    {
        for (int i = 0; i < Spins; i++)
        {
            if (!_queue.IsEmpty)
                return;
            Thread.SpinWait(1);
        }

        lock (_door)
        {
            // Said before the last look: either the next step is seen here, or its announcer sees the sleeper.
            Interlocked.Exchange(ref _state.Value, Asleep);
            if (_queue.IsEmpty)
                Monitor.Wait(_door); // Once: the caller may have done the parts already, but the next step is near.
            Volatile.Write(ref _state.Value, Awake);
        }
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedInt
    {
        [FieldOffset(128)]
        public int Value;
    }
}
