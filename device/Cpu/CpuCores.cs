using System.Globalization;
using System.Numerics;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cpu;

/// <summary>The processors that this process may use (its affinity mask; a container's limit shows there too), best first.</summary>
internal static unsafe class CpuCores
{
    private const int FullCapacity = 1024;

    /// <summary>Lists of the processors of a cluster, the most exact first: a third cache that each cluster has of its own, as on Jetson Orin; the
    /// cluster that the device tree states, as on a Raspberry Pi; the whole chip.</summary>
    private static readonly string[] ClusterLists = ["cache/index3/shared_cpu_list", "topology/cluster_cpus_list", "topology/package_cpus_list"];

    /// <summary>At least one; fast cores before slow ones, whole cores before second hardware threads.</summary>
    public static IReadOnlyList<CpuCore> Available { get; } = Read("/sys/devices/system/cpu", Allowed());

    /// <summary>Reads the given processors' properties.</summary>
    /// <param name="folder">Linux' /sys/devices/system/cpu, or a copy.</param>
    /// <param name="allowed">Numbers of the processors.</param>
    public static IReadOnlyList<CpuCore> Read(string folder, IEnumerable<int> allowed) =>
        [.. allowed.Select(index => Read(folder, index)).OrderByDescending(c => c.Capacity).ThenBy(c => c.Sibling).ThenBy(c => c.Index)];

    private static List<int> Allowed()
    {
        ulong* set = stackalloc ulong[Libc.AffinityBits / 64];
        new Span<ulong>(set, Libc.AffinityBits / 64).Clear();
        if (!OperatingSystem.IsLinux() || Libc.GetAffinity(0, Libc.AffinityBits / 8, set) < 0)
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];
        var allowed = new List<int>();
        for (int word = 0; word < Libc.AffinityBits / 64; word++)
        {
            for (ulong left = set[word]; left != 0; left &= left - 1)
                allowed.Add(word * 64 + BitOperations.TrailingZeroCount(left));
        }

        return allowed;
    }

    private static CpuCore Read(string folder, int index)
    {
        string core = Path.Combine(folder, $"cpu{index}");
        int capacity = Number(Line(Path.Combine(core, "cpu_capacity"))) is > 0 and var stated ? stated : FullCapacity;
        // "0-1" or "0,64": the processors of one core; the first of them counts.
        string? siblings = Line(Path.Combine(core, "topology", "thread_siblings_list"));
        int first = siblings is null ? index : First(siblings) ?? index;
        return new CpuCore(index, capacity, first == index ? 0 : 1, Cluster(core, siblings));
    }

    /// <summary>
    /// Lowest number of a core's cluster; 0 where nothing is known. A list of one core alone says nothing: so a kernel without a cluster writes.
    /// </summary>
    private static int Cluster(string core, string? siblings)
    {
        foreach (string list in ClusterLists)
        {
            if (Line(Path.Combine(core, list)) is { } line && line != siblings && First(line) is { } first) return first;
        }

        return 0;
    }

    /// <summary>The first number of a list such as "0-3" or "0,64".</summary>
    private static int? First(string list) => Number(list.Split('-', ',')[0]);

    /// <summary>A file's first line; null where the system, often a virtual machine, has no such file.</summary>
    private static string? Line(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null;

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
