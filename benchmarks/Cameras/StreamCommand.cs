using System.Diagnostics;
using System.Globalization;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Metrics;

namespace ResNetEdge.Benchmarks.Cameras;

/// <summary>
/// <c>stream DEVICE... [--frames N] [--transport udp] [--user NAME --password-file FILE]</c>: what frames of real cameras cost, each camera on a
/// thread of its own: frames per second, processor time, age on arrival, managed bytes, and memory over time.
/// </summary>
internal static class StreamCommand
{
    private const int DefaultFrames = 1000, Reports = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>0, or 1 when frames allocated managed memory.</returns>
    /// <exception cref="EdgeException">Exit 2: a wrong word. Exit 3 or 5: as the camera says.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        var (devices, frames, template) = Read(words);
        var machine = MachineReport.Read();
        Console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, Linux {machine.Kernel}, {machine.Dotnet}, commit {machine.Commit}, {machine.Date}");
        bool allocates = false;
        var threads = devices.Select(device => new Thread(() =>
        {
            if (Follow(template with { Device = device }, frames) > 0) Volatile.Write(ref allocates, true);
        })).ToList();
        threads.ForEach(static t => t.Start());
        threads.ForEach(static t => t.Join());
        return (int)(allocates ? ExitCode.Defect : ExitCode.Done);
    }

    private static (List<string> Devices, int Frames, CameraRequest Template) Read(ReadOnlySpan<string> words)
    {
        var devices = new List<string>();
        int frames = DefaultFrames;
        var template = new CameraRequest("");
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                devices.Add(word);
                continue;
            }

            string value = ++i < words.Length ? words[i] : throw Usage();
            template = word switch
            {
                "--user" => template with { User = value },
                "--password-file" => template with { PasswordFile = value },
                "--transport" when value == "udp" => template with { Transport = RtspTransport.Udp },
                "--frames" when int.TryParse(value, CultureInfo.InvariantCulture, out frames) && frames > 0 => template,
                _ => throw Usage(),
            };
        }

        return devices.Count > 0 ? (devices, frames, template) : throw Usage();
    }

    /// <summary>Managed bytes that the frames after the first tenth allocated on this thread.</summary>
    private static long Follow(CameraRequest request, int frames)
    {
        using var camera = NetworkCameras.Table.Open(request);
        var ages = new LatencyPercentiles(frames);
        long allocated = 0, start = 0;
        TimeSpan work = default;
        for (int i = 0; i < frames; i++)
        {
            if (camera.Wait(Patience, out var frame) != CameraSignal.Frame) throw EdgeException.Unavailable($"{request.Device}: no frame");
            if (i == frames / Reports) (work, start, allocated) = (CpuTime(), Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            ages.Add(TimeProvider.System.Now() - frame.Time);
            camera.Release(frame);
            if (i % Math.Max(frames / Reports, 1) != 0) continue;
            long before = GC.GetAllocatedBytesForCurrentThread();
            var mode = camera.Mode;
            Console.WriteLine($"{mode.Name} {mode.Format} {mode.Width}x{mode.Height}: frame {i}, "
                + $"{Environment.WorkingSet >> 10} KiB resident, {Process.GetCurrentProcess().Threads.Count} threads");
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, counted = frames - (frames / Reports);
        Console.WriteLine($"{camera.Mode.Name}: {counted / seconds:F1} frames/s, "
            + $"{(CpuTime() - work).TotalMilliseconds / counted:F2} ms of processor time a frame (all cameras of this process), "
            + $"age p50 {ages.Percentile(50).TotalMilliseconds:F1} ms p99 {ages.Percentile(99).TotalMilliseconds:F1} ms, "
            + $"{allocated} bytes allocated, "
            + $"{camera.Dropped} dropped, {camera.Damaged} damaged");
        return allocated;
    }

    private static TimeSpan CpuTime() => Process.GetCurrentProcess().TotalProcessorTime;

    private static EdgeException Usage() => new(
        FailureKind.Usage, "usage: stream DEVICE... [--frames N] [--transport udp] [--user NAME --password-file FILE]");
}
