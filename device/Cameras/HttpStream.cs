namespace ResNetEdge.Device.Cameras;

/// <summary>The body of an answer, with the connection that it comes over; a read that waits ends when it is told to.</summary>
internal sealed class HttpStream : Stream
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

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        _stop.ThrowIfCancellationRequested();
        return _body.Read(buffer, offset, count);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
