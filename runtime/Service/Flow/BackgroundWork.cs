using System.Collections.Concurrent;
using System.Globalization;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// One thread for what takes time: looking at files, reading configurations, verifying models, loading levels. What a job gives is handed to the
/// frame thread, which takes it between two frames. One job at a time; further ones wait. No job ends the service: whatever goes wrong in
/// one is a refusal, and one that hangs (in a file system that does not answer) is given up by time, its thread left behind.
/// </summary>
internal sealed class BackgroundWork : IDisposable
{
    /// <summary>A job that takes longer is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>With so many threads left behind no further one is started until one of them comes back.</summary>
    public const int MostLeftBehind = 4;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);
    private readonly BlockingCollection<Job> _jobs = [];
    private readonly ConcurrentQueue<Action> _done = new();
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly Lock _turn = new();
    private volatile Job? _running;
    private Thread? _thread; // null: none is left to work
    private int _leftBehind;

    /// <param name="wake">Called when there is something to take.</param>
    /// <param name="time">Of a job's duration.</param>
    /// <param name="log">For people, and for defects.</param>
    public BackgroundWork(Action wake, TimeProvider time, Log log)
    {
        (_wake, _time, _log) = (wake, time, log);
        lock (_turn) StartThread();
    }

    /// <summary>Starts a job.</summary>
    /// <param name="what">It does, for messages: "loading the model".</param>
    /// <param name="work">On the other thread.</param>
    /// <param name="done">On the frame thread.</param>
    /// <param name="refused">On the frame thread, whatever went wrong; with a <see cref="TimeoutException"/> inside when the job was given up.</param>
    /// <param name="drop">Closes what a job that was given up made in the end; on the other thread.</param>
    public void Start<T>(string what, Func<T> work, Action<T> done, Action<EdgeException> refused, Action<T>? drop = null) => _jobs.Add(new Job(what, refused, job =>
    {
        try
        {
            var result = work();
            job.Drop = () => drop?.Invoke(result);
            return () => Take(what, () => done(result), refused);
        }
        catch (Exception e)
        {
            var refusal = Refusal(what, e);
            return () => refused(refusal);
        }
    }));

    /// <summary>Takes what is done, and gives up what hangs; for the frame thread.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Take()
    {
        bool any = _running is { } job && _time.Now() - job.Began >= Patience && GiveUp(Patience);
        while (_done.TryDequeue(out var take))
        {
            take();
            any = true;
        }

        return any;
    }

    /// <summary>Waits until a job is done, or as long as given, by the wall.</summary>
    public void WaitForAny(TimeSpan most) => SpinWait.SpinUntil(() => !_done.IsEmpty, most);

    /// <summary>Waits until every job that was started is done, so that <see cref="Take()"/> has it all.</summary>
    public void WaitIdle()
    {
        using var idle = new ManualResetEventSlim();
        _jobs.Add(new Job("waiting", _ => { }, _ =>
        {
            idle.Set();
            return () => { };
        }));
        idle.Wait();
    }

    /// <summary>Waits a moment for the job that runs; those that wait are dropped.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        while (_jobs.TryTake(out _))
        {
        }

        if (_thread?.Join(EndTime) is false) _log.Warning("a thread that prepares does not end; it is left behind", ("busy_with", _running?.What));
    }

    /// <summary>What a failure is called: an expected one as it is, anything else a defect, which stands in the log in full.</summary>
    private EdgeException Refusal(string what, Exception e)
    {
        if (e is EdgeException expected) return expected;
        if (e is IOException or UnauthorizedAccessException) return EdgeException.Unavailable(e.Message, e);
        if (e is OutOfMemoryException) return EdgeException.Unavailable($"{what}: memory ran out", e);
        _log.Error("a defect of this program, which goes on; please report it", ("while", what), ("defect", e));
        return new EdgeException(FailureKind.Defect, $"{what} failed by a defect of this program ({e.GetType().Name}: {e.Message}); the log has the rest", e);
    }

    private void Take(string what, Action done, Action<EdgeException> refused)
    {
        try
        {
            done();
        }
        catch (Exception e)
        {
            refused(Refusal(what, e));
        }
    }

    /// <summary>Gives up the job that runs: it is refused, and its thread left behind.</summary>
    /// <param name="after">That it has run, for messages.</param>
    /// <returns>False: none runs.</returns>
    public bool GiveUp(TimeSpan after)
    {
        Job? hangs;
        lock (_turn)
        {
            if (_running is not { } job) return false;
            (hangs, _running, _thread) = (job, null, null);
            hangs.IsGivenUp = true;
            if (++_leftBehind < MostLeftBehind) StartThread();
        }

        string trouble = string.Create(CultureInfo.InvariantCulture, $"{hangs.What} was given up after {after.TotalSeconds:F0} s: a file system or device does not answer");
        _log.Error("a thread that prepares hangs and is left behind", ("reason", trouble), ("left_behind", _leftBehind), ("most", MostLeftBehind));
        hangs.Refused(EdgeException.Unavailable(trouble, new TimeoutException()));
        return true;
    }

    private void StartThread()
    {
        _thread = new Thread(Work) { Name = "preparing", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            lock (_turn)
            {
                job.Began = _time.Now();
                _running = job;
            }

            var take = job.Work(job);
            if (!Finish(job, take)) return;
        }
    }

    /// <summary>Hands over what a job gave.</summary>
    /// <returns>False: it was given up, and another thread works by now.</returns>
    private bool Finish(Job job, Action take)
    {
        bool goesOn;
        lock (_turn)
        {
            goesOn = !job.IsGivenUp || _thread is null;
            if (!job.IsGivenUp)
            {
                _running = null;
                _done.Enqueue(take);
            }
            else
            {
                _leftBehind--;
                if (goesOn) _thread = Thread.CurrentThread;
            }
        }

        if (job.IsGivenUp) job.Drop();
        else _wake();
        return goesOn;
    }

    private sealed class Job(string what, Action<EdgeException> refused, Func<Job, Action> work)
    {
        public string What => what;

        public Action<EdgeException> Refused => refused;

        public Func<Job, Action> Work => work;

        public Action Drop { get; set; } = () => { };

        public TimeSpan Began { get; set; }

        public bool IsGivenUp { get; set; }
    }
}
