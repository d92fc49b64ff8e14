using System.ComponentModel;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cpu;

/// <summary>
/// Linux gives a process the 8 KiB of AMX tiles only when it asks, since they enlarge every signal frame:
/// <c>arch_prctl(ARCH_REQ_XCOMP_PERM)</c>, Linux 5.16. Once for all threads, the first time anybody wants to know.
/// </summary>
internal static class AmxPermission
{
    private const int ArchPrctl = 158, RequestPermission = 0x1023, TileData = 18;

    /// <summary>Null when this process may use AMX; else why not.</summary>
    public static string? Refusal { get; } = Request();

    private static string? Request()
    {
        if (!CpuFeatures.ProcessorHasAmxInt8)
            return "this processor lacks AMX with int8";
        if (CpuFeatures.AmxRefusal is { } refusal)
            return refusal;
        return OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            && Libc.Syscall(ArchPrctl, RequestPermission, TileData) == 0
            ? null
            : $"the system refused the permission to use AMX: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}";
    }
}
