using System.Collections.Concurrent;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// One thread for what takes time: reading configurations, verifying models, loading levels. What a job gives is handed to the frame
/// thread, which takes it between two frames. One job at a time; further ones wait.
/// </summary>
internal sealed class BackgroundWork : IDisposable
{
    private readonly BlockingCollection<Action> _jobs = [];
    private readonly ConcurrentQueue<Action> _done = new();
    private readonly Action _wake;
    private readonly Thread _thread;

    /// <param name="wake">Called when there is something to take.</param>
    public BackgroundWork(Action wake)
    {
        _wake = wake;
        _thread = new Thread(Work) { Name = "preparing", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Starts a job.</summary>
    /// <param name="job">On the other thread. An <see cref="EdgeException"/> goes to <paramref name="refused"/>; anything else is a defect, which ends the service when it is taken.</param>
    /// <param name="done">On the frame thread.</param>
    /// <param name="refused">On the frame thread.</param>
    public void Start<T>(Func<T> job, Action<T> done, Action<EdgeException> refused) => _jobs.Add(() =>
    {
        Action take;
        try
        {
            var result = job();
            take = () => done(result);
        }
        catch (EdgeException e)
        {
            take = () => refused(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            take = () => refused(EdgeException.Unavailable(e.Message, e));
        }
        catch (Exception e)
        {
            take = () => System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
        }

        _done.Enqueue(take);
        _wake();
    });

    /// <summary>Takes what is done; for the frame thread.</summary>
    public void Take()
    {
        while (_done.TryDequeue(out var take)) take();
    }

    /// <summary>Waits until every job that was started is done, so that <see cref="Take"/> has it all.</summary>
    public void WaitIdle()
    {
        using var idle = new ManualResetEventSlim();
        _jobs.Add(idle.Set);
        idle.Wait();
    }

    /// <summary>Waits for the job that runs; those that wait are dropped.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        while (_jobs.TryTake(out _))
        {
        }

        _thread.Join();
        _jobs.Dispose();
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable()) job();
    }
}
