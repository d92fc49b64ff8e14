using System.Diagnostics;
using System.Globalization;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Metrics;
using ResNetEdge.Service;
using ResNetEdge.Service.Flow;
using ResNetEdge.Service.Systemd;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>
/// <c>soak-service N</c>: N frames of 640x480 through a whole service, as fast as it goes, with a camera that fails, models and configurations
/// that change, good ones and bad ones, and a wall clock that jumps. No result and no event may be lost, no memory grow.
/// </summary>
internal static class ServiceSoak
{
    private const long CameraFails = 10_000, Disturbs = 25_000; // frames between two
    private const double ToleratedMib = 4;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>0, or 1 when something was lost or grew.</returns>
    /// <exception cref="EdgeException">Exit 2: no number.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.Length != 1 || !long.TryParse(words[0], CultureInfo.InvariantCulture, out long frames) || frames is < 1000 or > uint.MaxValue)
            throw new EdgeException(ExitCode.Usage, "usage: soak-service N, N from 1000");
        string folder = Directory.CreateTempSubdirectory("resnetedge-soak-").FullName;
        try
        {
            return (int)Run(folder, frames);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ExitCode Run(string folder, long frames)
    {
        var time = new JumpingTime();
        string configuration = Path.Combine(folder, "service.yaml"), model = Path.Combine(folder, "model"), socket = Path.Combine(folder, "results.sock");
        BrightOrDark.Write(model);
        WriteConfiguration(configuration, folder, "0.8");
        using var log = new StreamWriter(Path.Combine(folder, "log"));
        uint next = 0;
        MemoryCamera? camera = null;
        long failedAt = -1;
        double? early = null;
        ResultReader? reader = null;
        bool Fails(uint frame)
        {
            if (frame == 0 || frame % CameraFails != 0 || frame == failedAt) return false;
            failedAt = frame;
            return true;
        }

        void Pace()
        {
            if (camera!.Next % 64 != 0) return;
            // As fast as the output takes it: what finds no room there would be dropped, as in a service whose reader is too slow.
            while (camera.Next - reader!.Results > 500) Thread.Yield();
            if (camera.Next % Disturbs < 64) Disturb(camera.Next / Disturbs, time, configuration, folder, model);
            if (early is null && camera.Next >= frames / 10) early = PeakRss.CurrentMebibytes();
        }

        using (var service = new EdgeService(configuration, new ServiceEnvironment(time, new Log(log, time, true), new Notifier(null, null, time),
            _ => camera = new MemoryCamera(next = camera?.Next ?? next, frames, Fails, Pace), new MachineSensors(), null, null)))
        {
            reader = new ResultReader(socket);
            long start = Stopwatch.GetTimestamp(), allocated = GC.GetTotalAllocatedBytes();
            service.Run();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            double? late = PeakRss.CurrentMebibytes();
            var end = service.Snapshot();
            service.Dispose();
            reader.WaitForEnd();
            reader.Dispose();
            long turns = (frames + (2 * MemoryCamera.Turn) - 1) / (2 * MemoryCamera.Turn);
            Console.WriteLine($"{frames} frames in {seconds:F1} s; {reader.Results} results, {reader.OutOfOrder} out of order; rules on {reader.TurnedOn} and off {reader.TurnedOff} times, {turns} expected; "
                + $"{end.CameraFailures} camera failures, {end.Reloads} configurations taken and {end.ReloadsRefused} refused, {end.ModelUpdates} models taken and {end.ModelUpdatesRefused} refused; "
                + $"{allocated / (double)frames:F1} bytes allocated a frame by all threads; resident memory {early:F1} MiB after a tenth, {late:F1} MiB at the end; end to end p50 {end.EndToEnd.PercentileMs(50)} ms");
            bool isWhole = reader.Results == frames && reader.OutOfOrder == 0 && reader.TurnedOn == turns && reader.TurnedOff == turns && end.CameraFailures == (frames - 1) / CameraFails;
            return isWhole && late - early <= ToleratedMib ? ExitCode.Done : ExitCode.Defect;
        }
    }

    private static void Disturb(long turn, JumpingTime time, string configuration, string folder, string model)
    {
        time.Jump((turn % 7 * 9000) - 20_000);
        switch (turn % 4)
        {
            case 0:
                BrightOrDark.Write(model, gain: 20 + turn % 8);
                break;
            case 1:
                WriteConfiguration(configuration, folder, turn % 8 == 1 ? "0.81" : "0.8", every: "budget:\n  latency_ms: " + (5000 + turn).ToString(CultureInfo.InvariantCulture));
                break;
            case 2:
                BrightOrDark.Write(model, gain: 20 + turn % 8, breaks: true);
                break;
            default:
                WriteConfiguration(configuration, folder, "800");
                break;
        }
    }

    private static void WriteConfiguration(string path, string folder, string threshold, string every = "") => File.WriteAllText(path, $"""
        model:
          package: {folder}/model
        camera:
          device: memory
        state_folder: {folder}/state
        rules:
          - name: lit
            label: bright
            threshold: {threshold}
            frames: 2
            of: 3
            actions: [socket]
        outputs:
          - name: socket
            type: unix_socket
            path: {folder}/results.sock
            what: both
            queue_kib: 4096
        {every}

        """);
}
