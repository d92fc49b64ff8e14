using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <content>Waiting for a descriptor.</content>
internal static unsafe partial class Libc
{
    public const int MapShared = 1;
    public const short PollIn = 0x1, PollError = 0x8, PollHangUp = 0x10, PollInvalid = 0x20;
    public const int Eagain = 11, Enotty = 25;

    /// <param name="waits">One for each descriptor.</param>
    /// <param name="count">Of descriptors.</param>
    /// <param name="timeoutMs">In milliseconds; negative waits forever.</param>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* waits, nuint count, int timeoutMs);

    /// <summary>struct pollfd.</summary>
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
