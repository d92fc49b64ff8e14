using System.Runtime.InteropServices;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Sensors;
using ResNetEdge.Service;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Flow;
using ResNetEdge.Service.Systemd;

namespace ResNetEdge.Daemon.Commands;

/// <summary><c>resnetedge-service run --service CONFIG</c>: the service until SIGTERM or SIGINT; SIGHUP reads the configuration again.</summary>
internal static class ServiceRun
{
    /// <summary>Another root for the sensors' files under /sys, for benches without a thermal zone.</summary>
    public const string SensorRootVariable = "RESNETEDGE_SENSOR_ROOT";

    /// <summary>Runs the service, or only checks its configuration.</summary>
    /// <param name="path">Of the configuration.</param>
    /// <param name="checkOnly">Reads and checks the file, and ends.</param>
    /// <param name="terminal">Logs go to its error stream.</param>
    /// <exception cref="EdgeException">Exit 3, 4 or 5: it can never work as configured.</exception>
    public static ExitCode Run(string path, bool checkOnly, Terminal terminal)
    {
        if (checkOnly)
        {
            var configuration = ServiceConfiguration.Read(path);
            configuration.Watch.CheckIsBuilt(path, WatchPart.IsBuilt);
            var absent = new ServiceCheck(NetworkCameras.Table.Check).Check(configuration, new MemoryRoom());
            string cameras = configuration.Cameras is [{ Name: null } only]
                ? $"camera {only.Request.Device}" : $"cameras {string.Join(", ", configuration.CameraNames)}";
            terminal.Out.WriteLine($"{path}: valid; model {configuration.Model.Package}, {cameras}, "
                + $"{configuration.Rules.Count} rules, {configuration.Outputs.Count} outputs");
            foreach (string what in absent) terminal.Error.WriteLine($"{path}: {what}");
            return ExitCode.Done;
        }

        var time = TimeProvider.System;
        using var lines = new LogPipe(terminal.Error);
        var log = new Log(lines, time, Log.IsJournal);
        using var notifier = Notifier.FromEnvironment(time);
        var sensors = new MachineSensors(Environment.GetEnvironmentVariable(SensorRootVariable) is { Length: > 0 } root ? root : "/");
        var environment = new ServiceEnvironment(time, log, notifier, NetworkCameras.Table.Open, sensors, StateFolder(), WatchPart.Starter(log, time))
        {
            CheckCamera = NetworkCameras.Table.Check,
        };
        using var service = EdgeService.Start(path, environment);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            service.Reload();
        });
        service.Run();
        return ExitCode.Done;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            service.Stop();
        }
    }

    // systemd gives several folders with colons between; ours is the first.
    private static string? StateFolder() =>
        Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } folders ? folders.Split(':')[0] : null;
}
