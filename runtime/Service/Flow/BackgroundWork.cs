using System.Collections.Concurrent;
using System.Globalization;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// One thread for what takes time: looking at files, reading configurations, verifying models, loading levels. What a job gives is handed to the
/// service thread, which takes it between two frames. One job at a time; further ones wait. No job ends the service: whatever goes wrong in
/// one is a refusal, and one that hangs (in a file system that does not answer) is given up by time, its thread left behind.
/// </summary>
internal sealed class BackgroundWork : IDisposable
{
    /// <summary>A job that takes longer is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>With so many threads left behind no further one is started until one of them comes back.</summary>
    public const int MostLeftBehind = 4;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);
    private readonly BlockingCollection<BackgroundJob> _jobs = [];
    private readonly ConcurrentQueue<Action> _done = new();
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly Lock _turn = new();
    private volatile BackgroundJob? _running;
    private Thread? _thread; // null: none is left to work
    private int _leftBehind;

    /// <param name="wake">Called when there is something to hand over; on the background thread.</param>
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
    /// <param name="done">On the service thread.</param>
    /// <param name="refused">On the service thread, whatever went wrong; with a <see cref="TimeoutException"/> inside when it was given up.</param>
    /// <param name="drop">Closes what a job that was given up made in the end; on the other thread.</param>
    public void Start<T>(string what, Func<T> work, Action<T> done, Action<EdgeException> refused, Action<T>? drop = null)
    {
        _jobs.Add(new BackgroundJob(what, refused, Work));

        Action Work(BackgroundJob job)
        {
            try
            {
                var result = work();
                job.Drop = () => drop?.Invoke(result);
                return () => TakeDone(what, () => done(result), refused);
            }
            catch (Exception e)
            {
                var refusal = BackgroundJob.Refusal(what, e, _log);
                return () => refused(refusal);
            }
        }
    }

    /// <summary>Has the service thread do something at the next <see cref="HandOver"/>; from any thread.</summary>
    public void Post(Action action)
    {
        _done.Enqueue(action);
        _wake();
    }

    /// <summary>Hands over the results of jobs that are done, and gives up one that hangs; for the service thread.</summary>
    /// <param name="between">Calls an action between two frames of every camera; null: there are no frames yet.</param>
    /// <returns>Whether there was anything.</returns>
    public bool HandOver(Action<Action>? between = null)
    {
        bool any = _running is { } job && _time.Now() - job.Began >= Patience && GiveUp(Patience);
        while (_done.TryDequeue(out var handOver))
        {
            if (between is null) handOver();
            else between(handOver);
            any = true;
        }

        return any;
    }

    /// <summary>Waits until a job is done, or as long as given, by the wall.</summary>
    public void WaitForAny(TimeSpan most) => SpinWait.SpinUntil(() => !_done.IsEmpty, most);

    /// <summary>Waits until every job that was started is done, so that <see cref="HandOver"/> has it all.</summary>
    public void WaitIdle()
    {
        using var idle = new ManualResetEventSlim();
        _jobs.Add(new BackgroundJob("waiting", _ => { }, _ =>
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

        if (_thread?.Join(EndTime) is false) _log.Warning("the background thread does not end and is left behind", ("busy_with", _running?.What));
    }

    private void TakeDone(string what, Action done, Action<EdgeException> refused)
    {
        try
        {
            done();
        }
        catch (Exception e)
        {
            refused(BackgroundJob.Refusal(what, e, _log));
        }
    }

    /// <summary>Gives up the job that runs: it is refused, and its thread left behind.</summary>
    /// <param name="after">That it has run, for messages.</param>
    /// <returns>False: none runs.</returns>
    public bool GiveUp(TimeSpan after)
    {
        BackgroundJob? hangs;
        lock (_turn)
        {
            if (_running is not { } job) return false;
            (hangs, _running, _thread) = (job, null, null);
            hangs.IsGivenUp = true;
            if (++_leftBehind < MostLeftBehind) StartThread();
        }

        string trouble = string.Create(
            CultureInfo.InvariantCulture, $"{hangs.What} was given up after {after.TotalSeconds:F0} s: a file system or device does not answer");
        _log.Error("the background thread hangs and is left behind", ("reason", trouble), ("left_behind", _leftBehind), ("most", MostLeftBehind));
        hangs.Refused(EdgeException.Unavailable(trouble, new TimeoutException()));
        return true;
    }

    private void StartThread()
    {
        _thread = new Thread(Work) { Name = "background", IsBackground = true, Priority = ThreadPriority.BelowNormal };
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

            if (!Finish(job, job.Work(job))) return;
        }
    }

    /// <summary>Hands over what a job gave.</summary>
    /// <returns>False: it was given up, and another thread works by now.</returns>
    private bool Finish(BackgroundJob job, Action handOver)
    {
        bool goesOn;
        lock (_turn)
        {
            goesOn = !job.IsGivenUp || _thread is null;
            if (!job.IsGivenUp)
            {
                _running = null;
                _done.Enqueue(handOver);
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
}
