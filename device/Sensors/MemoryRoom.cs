namespace ResNetEdge.Device.Sensors;

/// <summary>
/// How much memory this process may still take: what the machine has left, and what every control group around the process leaves it.
/// </summary>
/// <param name="root">Of the file system; another one in tests.</param>
/// <remarks>Sources: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst,
/// proc_meminfo(5). The page cache counts as free: the kernel takes it back.</remarks>
internal sealed class MemoryRoom(string root = "/")
{
    private const int Kibi = 1024;

    /// <summary>The least of all.</summary>
    /// <returns>Bytes, and what sets the limit; null where the system tells nothing.</returns>
    public (long Bytes, string Limit)? Left()
    {
        (long Bytes, string Limit)? least = null;
        foreach (var (bytes, limit) in Limits())
        {
            if (bytes is { } left && !(left >= least?.Bytes)) least = (Math.Max(left, 0), limit);
        }

        return least;
    }

    private IEnumerable<(long? Bytes, string Limit)> Limits()
    {
        string memory = In("proc/meminfo");
        yield return ((SysFile.ReadField(memory, "MemAvailable:") + (SysFile.ReadField(memory, "SwapFree:") ?? 0)) * Kibi, "on the machine");
        foreach (string folder in Groups("sys/fs/cgroup", ""))
            yield return (SysFile.ReadNumber(Path.Combine(folder, "memory.max")) - InUse(Path.Combine(folder, "memory.current"),
                Path.Combine(folder, "memory.stat"), "file", "shmem"), "within the memory limit of its control group");
        foreach (string folder in Groups("sys/fs/cgroup/memory", "memory"))
            yield return (SysFile.ReadNumber(Path.Combine(folder, "memory.limit_in_bytes")) - InUse(Path.Combine(folder, "memory.usage_in_bytes"),
                Path.Combine(folder, "memory.stat"), "total_cache", "total_shmem"), "within the memory limit of its control group");
    }

    /// <summary>The group of this process and those around it.</summary>
    private IEnumerable<string> Groups(string mount, string controller)
    {
        string path = SysFile.ReadLines(In("proc/self/cgroup")).Select(line => line.Split(':', 3))
            .FirstOrDefault(part => part.Length == 3 && part[1].Split(',').Contains(controller))?[2] ?? "/";
        for (string? at = path.TrimStart('/'); at is not null; at = at.Length == 0 ? null : Path.GetDirectoryName(at) ?? "")
            yield return In(Path.Combine(mount, at));
    }

    private static long? InUse(string used, string facts, string cache, string shared) =>
        SysFile.ReadNumber(used) - (SysFile.ReadField(facts, cache) ?? 0) + (SysFile.ReadField(facts, shared) ?? 0);

    private string In(string path) => Path.Combine(root, path);
}
