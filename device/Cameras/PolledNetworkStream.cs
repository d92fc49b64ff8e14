using System.Net.Sockets;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// A connection whose reads wait in poll(2) until there is something to read, and end when asked to. A read that finds nothing and waits
/// in .NET instead makes an operation, an event and a lock for each wait, thousands a minute behind a camera.
/// </summary>
/// <param name="socket">Connected; disposed with the stream.</param>
/// <param name="stop">Ends a read that waits.</param>
internal sealed class PolledNetworkStream(Socket socket, CancellationToken stop) : NetworkStream(socket, ownsSocket: true)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public override int Read(Span<byte> buffer)
    {
        do stop.ThrowIfCancellationRequested();
        while (!Socket.Poll(Moment, SelectMode.SelectRead));
        try
        {
            return Socket.Receive(buffer);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
}
