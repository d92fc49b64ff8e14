namespace ResNetEdge;

/// <summary>
/// One caller's turn on a <see cref="Session"/>, from <see cref="Session.Begin"/> to <see cref="Dispose"/>: give every input, run, take the outputs.
/// Nobody else's values can come between. A call lives on the stack of one thread: the compiler keeps it out of fields, lambdas and across
/// <c>await</c>.
/// </summary>
/// <remarks>
/// Others wait until the call is disposed of, so begin it with <c>using</c>. It may run several times; each time every input must be given again, as
/// their memory is used for other values meanwhile. Spans are copied and may be changed as soon as a method returns. Nothing here allocates.
/// </remarks>
public readonly ref struct SessionCall : IDisposable
{
    private readonly SessionTurn? _turn;
    private readonly long _number;

    internal SessionCall(SessionTurn turn, long number) => (_turn, _number) = (turn, number);

    private SessionTurn Turn => _turn ?? throw new InvalidOperationException($"a call is begun by {nameof(Session)}.{nameof(Session.Begin)}");

    /// <summary>Gives an input.</summary>
    /// <param name="name">Its name in the model.</param>
    /// <param name="values">Row-major in the input's shape; already normalised. <c>float</c> for Float32, <c>byte</c> for UInt8, and so on.</param>
    /// <typeparam name="T">C#'s type for the input's element type.</typeparam>
    /// <exception cref="ArgumentException">There is no such input, or type or length differ from the input's.</exception>
    /// <exception cref="ObjectDisposedException">The call or its session was closed.</exception>
    public void Input<T>(string name, ReadOnlySpan<T> values) where T : unmanaged =>
        Turn.SetInput(_number, Turn.Inputs.Find(name), values);

    /// <summary>Gives an input by its number in <see cref="Session.Inputs"/>.</summary>
    /// <inheritdoc cref="Input{T}(string, ReadOnlySpan{T})"/>
    /// <param name="index">From 0.</param>
    /// <param name="values">Row-major in the input's shape.</param>
    public void Input<T>(int index, ReadOnlySpan<T> values) where T : unmanaged => Turn.SetInput(_number, index, values);

    /// <summary>Makes the network's states 0 again: the next run begins another stream.</summary>
    /// <exception cref="ObjectDisposedException">The call or its session was closed.</exception>
    public void ResetStates() => Turn.ResetStates(_number);

    /// <summary>Runs the network on the inputs given since the call began or last ran.</summary>
    /// <exception cref="InvalidOperationException">An input was not given.</exception>
    /// <exception cref="ObjectDisposedException">The call or its session was closed.</exception>
    /// <exception cref="EdgeException">The engine failed on these inputs.</exception>
    public void Run() => Turn.Run(_number);

    /// <summary>Takes an output of the last run.</summary>
    /// <param name="name">Its name in the model.</param>
    /// <param name="values">Receives the output, row-major in its shape.</param>
    /// <typeparam name="T">C#'s type for the output's element type.</typeparam>
    /// <exception cref="ArgumentException">There is no such output, or type or length differ from the output's.</exception>
    /// <exception cref="InvalidOperationException">The call has not run since it began or since an input was given.</exception>
    /// <exception cref="ObjectDisposedException">The call or its session was closed.</exception>
    public void Output<T>(string name, Span<T> values) where T : unmanaged =>
        Turn.GetOutput(_number, Turn.Outputs.Find(name), values);

    /// <summary>Takes an output by its number in <see cref="Session.Outputs"/>.</summary>
    /// <inheritdoc cref="Output{T}(string, Span{T})"/>
    /// <param name="index">From 0.</param>
    /// <param name="values">Receives the output, row-major in its shape.</param>
    public void Output<T>(int index, Span<T> values) where T : unmanaged => Turn.GetOutput(_number, index, values);

    /// <summary>Ends the turn; a second time does nothing.</summary>
    public void Dispose() => _turn?.End(_number);
}
