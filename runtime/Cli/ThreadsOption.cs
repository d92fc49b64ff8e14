using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Cli;

/// <summary><c>--threads</c>: how many share one inference.</summary>
internal static class ThreadsOption
{
    private const int MaxThreads = 256;

    /// <summary>The option.</summary>
    public static Option Option { get; } = new(
        "--threads", "N", $"Number of threads that share one inference; default: the cores of the fastest cluster, at most {FastestCluster.Most}.");

    /// <summary>The number given, else that of this machine's fastest cluster.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="say">Told of a default of several threads; null where nobody wants to know.</param>
    /// <exception cref="EdgeException">Usage: not a number in range.</exception>
    public static int Read(Arguments arguments, Action<string>? say)
    {
        if (arguments.Has(Option.Name)) return arguments.Int(Option.Name, 1, 1, MaxThreads);
        var cores = FastestCluster.Of(CpuCores.Available);
        if (cores.Count > 1)
            say?.Invoke($"{cores.Count} threads: the fastest cluster has the cores "
                + $"{string.Join(", ", cores.Select(c => c.Index))}; --threads sets another number");
        return cores.Count;
    }
}
