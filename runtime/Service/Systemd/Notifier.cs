using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Systemd;

/// <summary>
/// Tells the service manager how things are: READY, RELOADING, STATUS, STOPPING, WATCHDOG. Without one (no NOTIFY_SOCKET) every call does nothing.
/// </summary>
/// <remarks>Source: sd_notify(3), sd_watchdog_enabled(3). A datagram that cannot be sent is tried
/// again with the next one: the manager may be restarting itself.</remarks>
internal sealed class Notifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _feedEvery;
    private long _fed;
    private bool _everFed;
    private string _status = "";

    /// <summary>From the environment that the service manager set.</summary>
    public static Notifier FromEnvironment(TimeProvider time)
    {
        bool isMine = Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } pid
            || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var watchdog = isMine && long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture,
            out long microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds) : (TimeSpan?)null;
        return new Notifier(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), watchdog, time);
    }

    /// <summary>To a socket.</summary>
    /// <param name="address">A path, or <c>@name</c> for an abstract one; null or empty: nobody listens.</param>
    /// <param name="watchdog">How long the manager waits for a WATCHDOG before it restarts the service; null: it does not.</param>
    /// <param name="time">For the pace of WATCHDOG.</param>
    public Notifier(string? address, TimeSpan? watchdog, TimeProvider time)
    {
        (_time, Watchdog) = (time, watchdog);
        if (string.IsNullOrEmpty(address)) return;
        _manager = new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        _feedEvery = watchdog / 4;
    }

    /// <summary>How long the manager waits; null when it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>Whether a service manager listens.</summary>
    public bool IsListening => _socket is not null;

    /// <summary>The service does its work.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={Line(_status = status)}");

    /// <summary>A configuration is being taken over; <see cref="Ready"/> follows.</summary>
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={(long)_time.Now().TotalMicroseconds}");

    /// <summary>The service ends.</summary>
    public void Stopping(string why) => Send($"STOPPING=1\nSTATUS={Line(why)}");

    /// <summary>What people see in <c>systemctl status</c>; sent when it changes.</summary>
    public void Status(string status)
    {
        if (status == _status) return;
        _status = status;
        Send($"STATUS={Line(status)}");
    }

    /// <summary>More time to start: a large model on a slow disk.</summary>
    public void ExtendTimeout(TimeSpan by) => Send($"EXTEND_TIMEOUT_USEC={(long)by.TotalMicroseconds}");

    /// <summary>A frame was really dealt with. Sent four times as often as needed, not more.</summary>
    public void Feed()
    {
        if (_feedEvery is not { } every || (_everFed && _time.GetElapsedTime(_fed) < every)) return;
        (_fed, _everFed) = (_time.GetTimestamp(), true);
        Send("WATCHDOG=1");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static string Line(string text) => text.Replace('\n', ' ');

    private void Send(string message)
    {
        if (_socket is null) return;
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _manager!);
        }
        catch (SocketException)
        {
            _everFed = false; // the manager is away or its queue is full: say it again at the next chance
            _status = "";
        }
    }
}
