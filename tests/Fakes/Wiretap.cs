using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Stands between a client and a server of this machine, hands on what both say and keeps what the client said.</summary>
internal sealed class Wiretap : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Socket> _sockets = new();
    private readonly MemoryStream _said = new();
    private volatile Socket? _client;

    public Wiretap()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Port of the server; a change is for new connections.</summary>
    public volatile int Target;

    /// <summary>Everything that clients said, a character a byte.</summary>
    public string Said
    {
        get
        {
            lock (_said) return Encoding.Latin1.GetString(_said.ToArray());
        }
    }

    /// <summary>Says something to the client of the last connection, as if the server said it.</summary>
    public void Inject(byte[] bytes) => _client!.Send(bytes);

    /// <summary>Ends all connections.</summary>
    public void Drop()
    {
        while (_sockets.TryDequeue(out var socket)) socket.Dispose();
    }

    public void Dispose()
    {
        _listener.Stop();
        Drop();
    }

    private void Serve()
    {
        while (true)
        {
            try
            {
                var client = _listener.AcceptSocket();
                _sockets.Enqueue(client);
                _client = client;
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _sockets.Enqueue(server);
                try
                {
                    server.Connect(IPAddress.Loopback, Target);
                }
                catch (SocketException)
                {
                    client.Dispose(); // as one that is not there
                    continue;
                }

                new Thread(() => Hand(client, server, true)) { IsBackground = true }.Start();
                new Thread(() => Hand(server, client, false)) { IsBackground = true }.Start();
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return; // the listener was stopped
            }
        }
    }

    private void Hand(Socket from, Socket to, bool isKept)
    {
        var bytes = new byte[16 << 10];
        while (true)
        {
            int length;
            try
            {
                length = from.Receive(bytes);
                if (length == 0) to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                to.Dispose(); // one end is gone
                return;
            }

            if (length == 0) return;
            if (isKept)
            {
                lock (_said) _said.Write(bytes, 0, length);
            }

            try
            {
                to.Send(bytes.AsSpan(0, length));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // what it said last is still handed on, by the other thread
            }
        }
    }
}
