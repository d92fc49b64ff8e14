using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Benchmarks.Service;

/// <summary>
/// <c>soak-service RESNETEDGE N</c>: N pictures of 640x480 from an HTTP camera through the binary itself, run as a service, as fast as it goes.
/// The camera fails, models and configurations change, good ones and bad ones, and somebody looks at the live page now and then. No result and
/// no event may be lost; memory, files and threads at the end are those after a tenth.
/// </summary>
internal static class ServiceSoak
{
    private const long CameraFails = 10_000, Disturbs = 25_000; // pictures from one to the next
    private const double ToleratedMib = 4;
    private const int ToleratedThreads = 2; // of the thread pool, which comes and goes
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>0, or 1 when something was lost or grew.</returns>
    /// <exception cref="EdgeException">Exit 2: no binary or number.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.Length != 2 || !File.Exists(words[0]) || !long.TryParse(words[1], CultureInfo.InvariantCulture, out long frames)
            || frames is < 1000 or > uint.MaxValue)
            throw new EdgeException(FailureKind.Usage,
                "usage: soak-service PROGRAM N: the daemon, such as dist/linux-x64/resnetedge-service, and how many frames, from 1000");
        string folder = Directory.CreateTempSubdirectory("resnetedge-soak-").FullName;
        try
        {
            return (int)Run(words[0], folder, frames);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ExitCode Run(string binary, string folder, long frames)
    {
        var machine = MachineReport.Read();
        Console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, Linux {machine.Kernel}, commit {machine.Commit}, {machine.Date}");
        string watch = FreeAddress();
        ServiceProcess? service = null;
        ResultReader? reader = null;
        ProcessUse? early = null;
        SoakFiles? files = null;
        Task? looked = null;
        void Before(long picture)
        {
            if (picture == 0) reader = Connect(files!.Socket, service!);
            if (!reader!.WaitFor(picture, Patience))
                throw new IOException($"the result of picture {picture - 1} did not come within {Patience.TotalSeconds:F0} s");
            // After a result: the page is opened after the camera, and before the first frame is run.
            if (picture % Disturbs == 1)
            {
                if (picture > 1) files!.Disturb(picture / Disturbs);
                looked?.GetAwaiter().GetResult();
                looked = service!.LookAsync();
            }

            if (picture == 0 || picture % (frames / 10) != 0) return;
            var use = service!.Use();
            early ??= use;
            Console.WriteLine($"{picture,9} frames: {use}");
        }

        using var camera = new LockstepCamera(frames, CameraFails, Before);
        camera.Listen();
        files = new SoakFiles(folder, camera.Address, watch);
        using (service = new ServiceProcess(binary, files.Configuration, watch, Path.Combine(folder, "log")))
        {
            long start = Stopwatch.GetTimestamp();
            using var last = camera.Serve();
            bool cameAll = reader!.WaitFor(frames, Patience);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var metrics = WaitFor(service, files);
            var late = service.Use();
            int status = service.Stop();
            reader.WaitForEnd();
            reader.Dispose();
            long turns = (frames + (2 * LockstepCamera.Turn) - 1) / (2 * LockstepCamera.Turn),
                failures = (long)metrics["resnetedge_camera_failures_total"];
            double allocated = metrics["dotnet_gc_heap_total_allocated_bytes_total"] / frames;
            Console.WriteLine($"{frames} frames in {seconds:F1} s; {reader.Results} results, {reader.OutOfOrder} out of order; "
                + $"rule on {reader.TurnedOn} and off {reader.TurnedOff} times, {turns} expected; "
                + $"{failures} camera failures, {camera.Ended} ended and {camera.Broken} broken off; "
                + $"configurations {Count(metrics, "reloads", files.GoodConfigurations, files.BadConfigurations)}; "
                + $"models {Count(metrics, "model_updates", files.GoodModels, files.BadModels)}; {allocated:F0} bytes allocated a frame; "
                + $"after a tenth {early}; at the end {late}; exit status {status}");
            bool isWhole = cameAll && reader.Results == frames && reader.OutOfOrder == 0 && reader.TurnedOn == turns && reader.TurnedOff == turns
                && failures == camera.Ended + camera.Broken && status == 0;
            bool isFlat = late.RssMib - early!.Value.RssMib <= ToleratedMib && late.Files <= early.Value.Files
                && late.Threads <= early.Value.Threads + ToleratedThreads;
            return isWhole && isFlat && AreSeen(metrics, files) ? ExitCode.Done : ExitCode.Defect;
        }
    }

    private static ResultReader Connect(string socket, ServiceProcess service)
    {
        // Outputs are opened before the camera, which has asked for its pictures by now.
        if (service.HasEnded || !File.Exists(socket)) throw new IOException("the service opened no socket");
        return new ResultReader(socket);
    }

    /// <summary>The last disturbances may still be under way.</summary>
    private static Dictionary<string, double> WaitFor(ServiceProcess service, SoakFiles files)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            var metrics = service.Metrics();
            if (AreSeen(metrics, files) || Stopwatch.GetElapsedTime(start) > Patience) return metrics;
            Thread.Sleep(Moment);
        }
    }

    private static bool AreSeen(Dictionary<string, double> metrics, SoakFiles files) =>
        Of(metrics, "reloads", "taken") == files.GoodConfigurations && Of(metrics, "reloads", "refused") == files.BadConfigurations
        && Of(metrics, "model_updates", "taken") == files.GoodModels && Of(metrics, "model_updates", "refused") == files.BadModels;

    private static string Count(Dictionary<string, double> metrics, string name, long good, long bad) =>
        $"{Of(metrics, name, "taken")} of {good} good taken and {Of(metrics, name, "refused")} of {bad} bad refused";

    private static double Of(Dictionary<string, double> metrics, string name, string result) =>
        metrics[$"resnetedge_{name}_total{{result=\"{result}\"}}"];

    private static string FreeAddress()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return socket.LocalEndpoint.ToString()!;
    }
}
