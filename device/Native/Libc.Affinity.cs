using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>On which processors a thread may run.</summary>
internal static unsafe partial class Libc
{
    /// <summary>Processors that a set can name, as glibc's <c>cpu_set_t</c>.</summary>
    public const int AffinityBits = 1024;

    /// <summary>The processor that the calling thread is on at this moment, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    public static partial int CurrentCpu();

    /// <param name="thread">0: the calling one.</param>
    /// <param name="bytes">Of <paramref name="set"/>.</param>
    /// <param name="set">One bit a processor, lowest first.</param>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int thread, nuint bytes, ulong* set);

    /// <inheritdoc cref="GetAffinity"/>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nuint bytes, ulong* set);
}
