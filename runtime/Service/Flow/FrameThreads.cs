using System.Runtime.ExceptionServices;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// A thread for each of several cameras, so that one that fails, waits or hangs holds up no other. <see cref="Start"/> and <see cref="End"/> are for
/// the service thread.
/// </summary>
/// <param name="streams">The cameras.</param>
/// <param name="loops">What each thread does again and again, in the same order.</param>
/// <param name="wake">Wakes the service thread.</param>
/// <param name="log">For people.</param>
internal sealed class FrameThreads(IReadOnlyList<CameraStream> streams, IReadOnlyList<FrameLoop> loops, Action wake, Log log)
{
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(3);
    private readonly Thread[] _threads = new Thread[streams.Count];
    private volatile ExceptionDispatchInfo? _defect;
    private volatile bool _isStopping;

    /// <summary>Every camera was a file and gave its last frame.</summary>
    public bool HaveEnded => streams.All(static s => s.HasEnded);

    /// <summary>Starts them.</summary>
    public void Start()
    {
        for (int i = 0; i < _threads.Length; i++)
        {
            var loop = loops[i];
            _threads[i] = new Thread(() => Work(loop)) { Name = $"camera {streams[i].Name}", IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>Throws what a thread died of: a defect in this program, which ends the process as it would with one camera.</summary>
    public void ThrowIfAnyDied() => _defect?.Throw();

    /// <summary>Ends them.</summary>
    /// <returns>False: one hangs and was left behind, with its camera and its model.</returns>
    public bool End()
    {
        _isStopping = true;
        foreach (var stream in streams) stream.Camera.Wake();
        bool haveAll = true;
        for (int i = 0; i < _threads.Length; i++)
        {
            if (_threads[i].Join(EndTime)) continue;
            haveAll = false;
            log.Warning("a camera's thread does not end and is left behind: its driver does not answer", ("camera", streams[i].Name));
        }

        return haveAll;
    }

    private void Work(FrameLoop loop)
    {
        try
        {
            while (!_isStopping) loop.Step();
        }
        catch (Exception e) // the service thread throws it
        {
            _defect = ExceptionDispatchInfo.Capture(e);
            wake();
        }
    }
}
