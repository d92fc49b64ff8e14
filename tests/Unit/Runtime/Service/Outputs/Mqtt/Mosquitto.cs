using System.Collections.Concurrent;
using System.Diagnostics;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>Debian's mosquitto: user box, password s3cret. It can be killed and started again on the same ports.</summary>
/// <param name="folder">For its files.</param>
internal sealed class Mosquitto(string folder) : IDisposable
{
    private const string Broker = "/usr/sbin/mosquitto", Subscriber = "/usr/bin/mosquitto_sub", Publisher = "/usr/bin/mosquitto_pub";
    private readonly List<Process> _processes = [];
    private Process? _broker;

    /// <summary>Port for connections without TLS.</summary>
    public int Port { get; private set; }

    /// <summary>Port for connections with TLS.</summary>
    public int TlsPort { get; private set; }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>Starts it and waits until it listens; skips the test where it is not installed.</summary>
    /// <param name="certificate">Null: plain only.</param>
    /// <param name="more">Lines for the encrypted listener.</param>
    public void Start(TestCertificate? certificate = null, string more = "")
    {
        Skip.IfNot(File.Exists(Broker) && File.Exists(Subscriber), "mosquitto is not installed (Debian packages mosquitto and mosquitto-clients)");
        string users = Write("users", "box:s3cret\n"), log = "";
        Run("/usr/bin/mosquitto_passwd", "-U", users).WaitForExit();
        bool isNew = Port == 0;
        for (int tries = 0; tries < 20; tries++)
        {
            // Below the ports that Linux gives to outgoing connections; somebody may have them still.
            if (isNew) (Port, TlsPort) = (Random.Shared.Next(10_000, 20_000), Random.Shared.Next(20_000, 30_000));
            string configuration =
                $"user root\npersistence false\nlog_dest stderr\nallow_anonymous false\npassword_file {users}\nlistener {Port} 127.0.0.1\n";
            if (certificate is not null)
                configuration += $"listener {TlsPort} 127.0.0.1\ncertfile {Write("broker.crt", certificate.Chain)}\nkeyfile "
                    + $"{Write("broker.key", certificate.Key)}\n{more}";
            _broker = Run(Broker, "-c", Write("mosquitto.conf", configuration));
            if (IsRunning(_broker, out log)) return;
        }

        Assert.Fail($"mosquitto does not start:\n{log}");
    }

    public void Kill()
    {
        _broker!.Kill();
        _broker.WaitForExit();
    }

    /// <summary>Subscribes; what is given waits for a line that fits and gives all until then.</summary>
    public Func<Func<string, bool>, List<string>> Subscribe(string topic)
    {
        var heard = new ConcurrentQueue<string>();
        var process = Run("/usr/bin/stdbuf", ["-oL", Subscriber, .. Login, "-v", "-d", "-t", topic]);
        process.OutputDataReceived += (_, e) => heard.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        SinkBench.Until(() => heard.Any(l => l.Contains("SUBACK", StringComparison.Ordinal)), "the subscription");
        return last =>
        {
            SinkBench.Until(() => heard.Any(last), $"the last message, after {string.Join('\n', heard.TakeLast(5))}");
            return [.. heard.Where(l => l.StartsWith("t/", StringComparison.Ordinal))];
        };
    }

    /// <summary>Publishes, and returns when the broker has it.</summary>
    public void Publish(string topic, string text, bool isRetained = false) =>
        Run(Publisher, [.. Login, "-t", topic, "-m", text, .. isRetained ? ["-r"] : Array.Empty<string>()]).WaitForExit();

    private IEnumerable<string> Login => ["-h", "127.0.0.1", "-p", $"{Port}", "-u", "box", "-P", "s3cret", "-q", "1"];

    private Process Run(string program, params string[] words)
    {
        var process =
            Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = program == Broker })!;
        _processes.Add(process);
        return process;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Waits until it says that it runs, or ends.</summary>
    private static bool IsRunning(Process broker, out string log)
    {
        var lines = new ConcurrentQueue<string>();
        var isRunning = new TaskCompletionSource<bool>();
        broker.ErrorDataReceived += (_, e) =>
        {
            lines.Enqueue(e.Data ?? "");
            if (e.Data is null || e.Data.EndsWith(" running", StringComparison.Ordinal)) isRunning.TrySetResult(e.Data is not null);
        };
        broker.BeginErrorReadLine(); // its stdout is kept back until it ends
        SinkBench.Until(() => isRunning.Task.IsCompleted, "mosquitto");
        log = string.Join('\n', lines);
        return isRunning.Task.Result;
    }
}
