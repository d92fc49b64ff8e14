namespace ResNetEdge.Device.Cameras;

/// <summary>The body of an answer, with the connection that it comes over; a read that waits ends when it is told to.</summary>
internal sealed class HttpStream : ForwardStream
{
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _answer;
    private readonly Stream _body;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenRegistration _ending;

    /// <param name="client">Disposed with the stream.</param>
    /// <param name="answer">Disposed with the stream.</param>
    /// <param name="stop">Ends a read that waits, by closing the connection under it.</param>
    public HttpStream(HttpClient client, HttpResponseMessage answer, CancellationToken stop)
    {
        (_client, _answer, _stop) = (client, answer, stop);
        _body = answer.Content.ReadAsStream(stop);
        _ending = stop.Register(answer.Dispose);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        _stop.ThrowIfCancellationRequested();
        return _body.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ending.Dispose();
            _body.Dispose();
            _answer.Dispose();
            _client.Dispose();
        }

        base.Dispose(disposing);
    }
}
