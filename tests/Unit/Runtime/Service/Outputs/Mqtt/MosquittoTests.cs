using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Mqtt;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>Against the broker that most devices meet: Debian's mosquitto.</summary>
public sealed class MosquittoTests : IDisposable
{
    private const string Broker = "/usr/sbin/mosquitto", Subscriber = "/usr/bin/mosquitto_sub";
    private readonly SinkBench _bench = new();
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _bench.Dispose();
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Messages_status_and_login_work(int qos)
    {
        int port = Start();
        var heard = Subscribe(port, "t/#");
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        using (var sink = Settings(port, qos, password).Open(_bench.Context))
        {
            for (int i = 0; i < 100; i++)
            {
                sink.Accept(SinkBench.Event(i));
                SinkBench.Until(() => sink.Status.Queued < 50, "room");
            }

            SinkBench.Until(() => sink.Status.Delivered == 100, $"the broker to take all; {sink.Status}");
        }

        var lines = heard(l => l.Contains("offline"));
        Assert.Equal("t/status online", lines[0]);
        var sent = Enumerable.Range(0, 100).Select(i => $"\"frame\":{i},").ToList();
        var came = lines.Where(l => l.StartsWith("t/rule/door {", StringComparison.Ordinal)).Select(l => l[l.IndexOf("\"frame\"", StringComparison.Ordinal)..l.IndexOf("\"camera", StringComparison.Ordinal)]).ToList();
        // Of QoS 0 the broker drops what a subscriber does not take at once; what comes is in order and there once.
        if (qos == 1) Assert.Equal(sent, came);
        else Assert.Equal(sent.Where(came.Contains), came);
        Assert.NotEmpty(came);
        Assert.Equal("t/status offline", lines[^1]);
    }

    [SkippableFact]
    public void A_broker_that_is_killed_and_comes_back_gets_everything()
    {
        int port = Start();
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "s3cret");
        using var sink = Settings(port, 1, password).Open(_bench.Context);
        sink.Accept(SinkBench.Event(0));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the first");
        _processes[0].Kill();
        _processes[0].WaitForExit();
        for (int i = 1; i <= 20; i++) sink.Accept(SinkBench.Event(i));
        Start(port);
        var heard = Subscribe(port, "t/rule/door");
        var lines = heard(l => l.Contains("\"frame\":20,", StringComparison.Ordinal));
        Assert.True(lines.Count <= 20, "each is there once, or was told before the subscription");
        SinkBench.Until(() => sink.Status.Delivered == 21, $"all; {sink.Status}");
        Assert.Equal(0, sink.Status.Dropped);
    }

    [SkippableFact]
    public void A_wrong_password_is_told_and_tried_again()
    {
        int port = Start();
        string password = Path.Combine(_bench.Folder, "password");
        File.WriteAllText(password, "wrong");
        using var sink = Settings(port, 1, password).Open(_bench.Context);
        SinkBench.Until(() => sink.Status.LastError?.Contains("the broker refuses: ", StringComparison.Ordinal) == true, "the refusal");
        File.WriteAllText(password, "s3cret");
        sink.Accept(SinkBench.Event(1));
        SinkBench.Until(() => sink.Status.Delivered == 1, "the message");
    }

    private static MqttSettings Settings(int port, int qos, string password) =>
        new("out", "127.0.0.1", port, false, null, "me", "box", password, "t", qos, false, TimeSpan.FromSeconds(30), SinkBench.Both);

    private int Start(int port = 0)
    {
        Skip.IfNot(File.Exists(Broker) && File.Exists(Subscriber), "mosquitto is not installed (Debian packages mosquitto and mosquitto-clients)");
        if (port == 0)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        string configuration = Path.Combine(_bench.Folder, "mosquitto.conf"), users = Path.Combine(_bench.Folder, "users");
        File.WriteAllText(users, "box:s3cret\n");
        Run("/usr/bin/mosquitto_passwd", "-U", users).WaitForExit();
        File.WriteAllText(configuration, $"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {users}\nuser root\npersistence false\n");
        var process = Run(Broker, "-c", configuration);
        _processes.Remove(process);
        _processes.Insert(0, process);
        SinkBench.Until(() => Answers(port), "mosquitto");
        return port;
    }

    /// <summary>Subscribes; what is given waits for a line that fits and gives all until then.</summary>
    private Func<Func<string, bool>, List<string>> Subscribe(int port, string topic)
    {
        var heard = new ConcurrentQueue<string>();
        var process = Run("/usr/bin/stdbuf", "-oL", Subscriber, "-h", "127.0.0.1", "-p", port.ToString(), "-u", "box", "-P", "s3cret", "-q", "1", "-v", "-d", "-t", topic);
        process.OutputDataReceived += (_, e) => heard.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        SinkBench.Until(() => heard.Any(l => l.Contains("SUBACK", StringComparison.Ordinal)), "the subscription");
        return last =>
        {
            SinkBench.Until(() => heard.Any(last), $"the last message, after {string.Join('\n', heard.TakeLast(5))}");
            return [.. heard.Where(l => l.StartsWith("t/", StringComparison.Ordinal))];
        };
    }

    private Process Run(string program, params string[] words)
    {
        var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true })!;
        _processes.Add(process);
        return process;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
