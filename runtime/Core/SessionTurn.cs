using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge;

/// <summary>
/// An engine that callers use in turns. Whoever has the turn holds a lock; everything that would let one caller see another's values, or let a
/// closed engine's memory be touched, is refused here. Allocates only to complain.
/// </summary>
internal sealed class SessionTurn : IDisposable
{
    private readonly Lock _lock = new();
    private readonly long[] _givenIn; // by input: the round in which it was last given
    private long _round; // counts calls and their runs
    private long _call; // number of the call whose turn it is; 0: nobody's
    private bool _hasRun, _disposed;

    public SessionTurn(IEngine engine)
    {
        Engine = engine;
        (Inputs, Outputs) = (new("input", engine.Inputs), new("output", engine.Outputs));
        _givenIn = new long[engine.Inputs.Count];
    }

    /// <summary>For facts that do not change; its memory is for whoever has the turn.</summary>
    public IEngine Engine { get; }

    public SessionValues Inputs { get; }

    public SessionValues Outputs { get; }

    /// <summary>Waits for the turn.</summary>
    /// <returns>The number of the call that has it.</returns>
    /// <exception cref="InvalidOperationException">This thread has it already.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public long Begin()
    {
        _lock.Enter();
        if (_disposed || _call != 0)
        {
            _lock.Exit();
            ObjectDisposedException.ThrowIf(_disposed, typeof(Session));
            throw new InvalidOperationException("this thread has a call on this session that has not ended; dispose of it first, or use a fork");
        }

        _hasRun = false;
        return _call = ++_round;
    }

    /// <summary>Gives the turn back, if it is still that call's.</summary>
    public void End(long call)
    {
        if (!_lock.IsHeldByCurrentThread || _call != call) return;
        _call = 0;
        _lock.Exit();
    }

    public void SetInput<T>(long call, int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        Check(call);
        Inputs.Check<T>(index, values.Length);
        _hasRun = false; // outputs may lie where this input goes
        Engine.SetInput(index, values);
        _givenIn[index] = _round;
    }

    public void Run(long call)
    {
        Check(call);
        for (int i = 0; i < _givenIn.Length; i++)
        {
            if (_givenIn[i] != _round) throw NotGiven(Inputs.Infos[i]);
        }

        _round++;
        Engine.Run();
        _hasRun = true;
    }

    public void ResetStates(long call)
    {
        Check(call);
        Engine.ResetStates();
    }

    public void GetOutput<T>(long call, int index, Span<T> values) where T : unmanaged
    {
        Check(call);
        Outputs.Check<T>(index, values.Length);
        if (!_hasRun) throw new InvalidOperationException($"output '{Outputs.Infos[index].Name}' is not available before the call has run");
        Engine.GetOutput(index, values);
    }

    /// <summary>A further engine on the same weights.</summary>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public IEngine Fork()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Session));
            return Engine.Fork();
        }
    }

    /// <summary>Closes the engine as soon as no other thread has the turn; a call of this thread ends with it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            Engine.Dispose();
        }
    }

    private static InvalidOperationException NotGiven(TensorInfo input) =>
        new($"input '{input.Name}' ({input.Type}[{input.Shape}]) was not given; every input must be given again for each run");

    // A copy of a call that has ended, and a call of this thread on a session that it closed, must not reach the engine.
    private void Check(long call)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(Session));
        ObjectDisposedException.ThrowIf(_call != call, typeof(SessionCall));
    }
}
