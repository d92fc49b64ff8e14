using BenchmarkDotNet.Running;
using ResNetEdge;
using ResNetEdge.Benchmarks.Cameras;
using ResNetEdge.Benchmarks.Micro;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Benchmarks.Service;
using ResNetEdge.Benchmarks.Suite;
using ResNetEdge.CommandLine;

try
{
    switch (args)
    {
        case ["rates", ..]: return Rates.Print(args.AsSpan(1));
        case ["models", ..]: return WriteModels.Run(args.AsSpan(1));
        case ["families", ..]: return WriteModels.RunFamilies(args.AsSpan(1));
        case ["suite", ..]: return SuiteCommand.Run(args.AsSpan(1));
        case ["depth", ..]: return DepthCommand.Run(args.AsSpan(1));
        case ["camera", ..]: return CameraCommand.Run(args.AsSpan(1));
        case ["stream", ..]: return StreamCommand.Run(args.AsSpan(1));
        case ["soak", ..]: return Soak.Run(args.AsSpan(1));
        case ["soak-service", ..]: return ServiceSoak.Run(args.AsSpan(1));
        default:
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            // A benchmark that was not built or did not run leaves a table without figures behind.
            return (int)(summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success)) ? ExitCode.Done : ExitCode.Defect);
    }
}
catch (EdgeException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return (int)ExitCodes.Of(e.Kind);
}
