namespace ResNetEdge.Device.Cameras;

/// <summary>
/// The body of an answer, with the connection that it comes over, a <see cref="PolledNetworkStream"/>: its reads end when asked to.
/// </summary>
/// <param name="client">Disposed with the stream.</param>
/// <param name="answer">Disposed with the stream.</param>
internal sealed class HttpStream(HttpClient client, HttpResponseMessage answer) : ForwardStream
{
    private readonly Stream _body = answer.Content.ReadAsStream();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _body.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
            answer.Dispose();
            client.Dispose();
        }

        base.Dispose(disposing);
    }
}
