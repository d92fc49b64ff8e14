using System.Diagnostics;
using System.Globalization;
using ResNetEdge.CommandLine;
using ResNetEdge.Metrics;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>The binary itself, run as a service, seen from outside: what the system says of its process and what its metrics say.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new();
    private readonly StreamWriter _log;

    /// <summary>Starts the service's program with a configuration.</summary>
    /// <param name="binary">Path of <c>resnetedge-service</c>.</param>
    /// <param name="configuration">Path of its configuration.</param>
    /// <param name="watch">Where the configuration lets its metrics be read: HOST:PORT.</param>
    /// <param name="log">Receives its log.</param>
    public ServiceProcess(string binary, string configuration, string watch, string log)
    {
        _client.BaseAddress = new Uri($"http://{watch}/");
        _log = new StreamWriter(log) { AutoFlush = true };
        _process = Process.Start(new ProcessStartInfo(binary, ["run", "--service", configuration]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => _log.WriteLine(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether it ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its memory, files and threads now.</summary>
    public ProcessUse Use() => new(
        PeakRss.Parse($"/proc/{_process.Id}/status", "VmRSS:") ?? double.NaN,
        Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length,
        Directory.GetDirectories($"/proc/{_process.Id}/task").Length);

    /// <summary>Its metrics now, by name and labels as they are written.</summary>
    public Dictionary<string, double> Metrics()
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in _client.GetStringAsync("metrics").GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#')) continue;
            int space = line.LastIndexOf(' ');
            samples[line[..space]] = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
        }

        return samples;
    }

    /// <summary>Looks as the live page does.</summary>
    public async Task LookAsync()
    {
        foreach (string part in new[] { "", "picture.jpg", "status.json" }) await _client.GetByteArrayAsync(part).ConfigureAwait(false);
    }

    /// <summary>Ends it as systemd does.</summary>
    /// <returns>Its exit status.</returns>
    public int Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _log.Dispose();
        _client.Dispose();
    }
}

/// <summary>What a process uses.</summary>
/// <param name="RssMib">Resident memory.</param>
/// <param name="Files">Open descriptors.</param>
/// <param name="Threads">Threads that the process has now.</param>
internal readonly record struct ProcessUse(double RssMib, int Files, int Threads)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RssMib:F1} MiB, {Files} files, {Threads} threads");
}
