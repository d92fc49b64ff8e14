using BenchmarkDotNet.Running;
using ResNetEdge;
using ResNetEdge.Benchmarks.Micro;
using ResNetEdge.Benchmarks.Models;

try
{
    switch (args)
    {
        case ["rates", ..]: return Rates.Print(args.AsSpan(1));
        case ["models", ..]: return WriteModels.Run(args.AsSpan(1));
        default:
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            return (int)ExitCode.Done;
    }
}
catch (EdgeException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return (int)e.Code;
}
