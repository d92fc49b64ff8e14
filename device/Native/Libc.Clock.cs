using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <content>Clocks.</content>
internal static unsafe partial class Libc
{
    private const int ClockBootTime = 7;

    /// <summary>Time since the system started, sleep included; null where the system has no such clock.</summary>
    public static TimeSpan? SinceBoot()
    {
        Timespec now;
        return ClockGetTime(ClockBootTime, &now) == 0
            ? TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromTicks(now.Nanoseconds / TimeSpan.NanosecondsPerTick) : null;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockGetTime(int clock, Timespec* time);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
