using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

/// <summary>A server that gives one answer and then holds the connection until it is disposed.</summary>
internal sealed class OneAnswer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    public OneAnswer(string head, byte[] body, X509Certificate2? certificate = null)
    {
        _listener.Start();
        _work = Task.Run(async () =>
        {
            using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using Stream stream = certificate is null ? connection.GetStream() : new SslStream(connection.GetStream());
            if (certificate is not null) await ((SslStream)stream).AuthenticateAsServerAsync(certificate);
            byte[] buffer = new byte[4096];
            while (!Asked.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                int got = await stream.ReadAsync(buffer, _stop.Token);
                if (got == 0) return; // it went without asking
                Asked += Encoding.Latin1.GetString(buffer, 0, got);
            }

            await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. body], _stop.Token);
            HasAnswered.Set();
            await Task.Delay(Timeout.Infinite, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
    }

    public string Asked { get; private set; } = "";

    public ManualResetEventSlim HasAnswered { get; } = new();

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAny(_work);
        _listener.Stop();
    }
}
