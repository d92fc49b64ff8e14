using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>
/// A connection to a broker, from its acceptance to its end. One thread writes; another, inside, reads what a publisher is answered: two kinds of
/// packet of two and four bytes; who subscribed gets messages too. A broker that sends anything else is left.
/// </summary>
internal sealed class MqttConnection : IDisposable
{
    private const int MostMessageBytes = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Action<ushort?> _heard;
    private readonly Action _ended;
    private readonly MqttMessageHandler? _received;
    private volatile string? _over;

    private MqttConnection(Socket socket, Stream stream, Action<ushort?> heard, Action ended, MqttMessageHandler? received) =>
        (_socket, _stream, _heard, _ended, _received) = (socket, stream, heard, ended, received);

    /// <summary>Why nothing more can be sent; null: it can.</summary>
    public string? Over => _over;

    /// <summary>Connects and waits until the broker accepts.</summary>
    /// <param name="settings">The broker and how it is reached.</param>
    /// <param name="connect">The CONNECT packet.</param>
    /// <param name="heard">On the reading thread: a message was acknowledged, or, null, a ping answered.</param>
    /// <param name="ended">On the reading thread, once: <see cref="Over"/> says why.</param>
    /// <param name="abort">Ends the attempt.</param>
    /// <param name="received">On the reading thread: a message of a topic that is subscribed to; null: for a publisher.</param>
    /// <exception cref="IOException">It cannot be had; one sentence.</exception>
    public static MqttConnection Open(
        MqttSettings settings, byte[] connect, Action<ushort?> heard, Action ended, CancellationToken abort, MqttMessageHandler? received = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var stream = OpenAsync(socket, settings, connect, limit.Token).GetAwaiter().GetResult();
            socket.SendTimeout = (int)Patience.TotalMilliseconds;
            var connection = new MqttConnection(socket, stream, heard, ended, received);
            new Thread(connection.Read) { Name = $"output {settings.Name} listening", IsBackground = true }.Start();
            return connection;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException or CryptographicException)
        {
            socket.Dispose();
            throw new IOException($"{settings.Host}:{settings.Port}: "
                + $"{(e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:F0} s" : e.Message)}", e);
        }
    }

    /// <summary>Writes whole packets.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void Write(ReadOnlySpan<byte> packets)
    {
        try
        {
            _stream.Write(packets);
        }
        catch (InvalidOperationException e) // closed by another thread just now
        {
            throw new IOException("the connection was closed", e);
        }
    }

    /// <summary>Closes it; also what another thread writes or reads just now.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _stream.Dispose(); // what OpenSSL holds for it
    }

    private static async Task<Stream> OpenAsync(Socket socket, MqttSettings settings, byte[] connect, CancellationToken limit)
    {
        await socket.ConnectAsync(new DnsEndPoint(settings.Host, settings.Port), limit).ConfigureAwait(false);
        Stream stream = new NetworkStream(socket, ownsSocket: false);
        if (settings.IsTls) stream = await MqttTls.SecureAsync(stream, settings, limit).ConfigureAwait(false);
        try
        {
            await GreetAsync(stream, connect, limit).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (!settings.IsTls || e is not IOException { InnerException: not null }) throw;
            throw new IOException($"the broker ended the connection after the TLS handshake: {NetworkTrouble.Reason(e)}", e);
        }
    }

    private static async Task GreetAsync(Stream stream, byte[] connect, CancellationToken limit)
    {
        await stream.WriteAsync(connect, limit).ConfigureAwait(false);
        var answer = new byte[4]; // CONNACK
        int got = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, limit).ConfigureAwait(false);
        if (got < answer.Length) throw new IOException("the broker closed the connection before it accepted it");
        if (answer[0] != 0x20 || answer[1] != 2)
            throw new IOException($"the server there is not an MQTT broker: it answered {Convert.ToHexString(answer)}");
        if (answer[3] != 0) throw new IOException($"the broker refused the connection: {Refusal(answer[3])}");
    }

    private static string Refusal(byte code) => code switch
    {
        1 => "it does not speak MQTT 3.1.1",
        2 => "it does not accept the client's name; set 'client_id'",
        3 => "it is not available at present",
        4 => "the user name or password is wrong",
        5 => "not authorised",
        _ => $"code {code}",
    };

    private void Read()
    {
        try
        {
            _over = ReadAll();
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            _over = NetworkTrouble.Reason(e); // closed here, or by the broker in the middle of a packet
        }

        _ended();
    }

    private string? ReadMessage(byte firstLength, bool isRetained)
    {
        int length = firstLength & 0x7F;
        for (int shift = 7; (firstLength & 0x80) != 0; shift += 7)
        {
            if (_stream.ReadByte() is not (>= 0 and var next)) return "the broker closed the connection";
            length |= (next & 0x7F) << shift;
            firstLength = (byte)next;
            if (shift == 21 && (firstLength & 0x80) != 0) return "the broker sent a packet whose length has more than four bytes";
        }

        if (length is < 2 or > MostMessageBytes) return $"the broker sent a message of {length} bytes, where 2 to {MostMessageBytes} are accepted";
        var bytes = new byte[length];
        if (_stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length) return "the broker closed the connection";
        int topic = (bytes[0] << 8) | bytes[1];
        if (2 + topic > length) return "the broker sent a message whose topic is longer than itself";
        _received!(bytes.AsSpan(2, topic), bytes.AsSpan(2 + topic), isRetained);
        return null;
    }

    private string ReadAll()
    {
        Span<byte> packet = stackalloc byte[4];
        while (true)
        {
            int got = _stream.ReadAtLeast(packet[..2], 2, throwOnEndOfStream: false);
            if (got < 2) return "the broker closed the connection";
            switch (packet[0], packet[1])
            {
                case (0xD0, 0): // PINGRESP
                    _heard(null);
                    break;
                case (0x40, 2): // PUBACK
                    if (_stream.ReadAtLeast(packet[2..], 2, throwOnEndOfStream: false) < 2) return "the broker closed the connection";
                    _heard((ushort)((packet[2] << 8) | packet[3]));
                    break;
                case (0x90, 3) when _received is not null: // SUBACK
                    var code = new byte[3];
                    if (_stream.ReadAtLeast(code, code.Length, throwOnEndOfStream: false) < code.Length) return "the broker closed the connection";
                    if (code[2] == 0x80) return "the broker refused the subscription";
                    break;
                case (0x30 or 0x31, _) when _received is not null: // PUBLISH of quality 0
                    if (ReadMessage(packet[1], isRetained: packet[0] == 0x31) is { } trouble) return trouble;
                    break;
                default:
                    return $"the broker sent {Convert.ToHexString(packet[..2])}, which is never sent to a publisher";
            }
        }
    }
}
