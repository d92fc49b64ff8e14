using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>The kernel's own.</summary>
internal sealed unsafe class GpioCalls : IGpioCalls
{
    private GpioCalls()
    {
    }

    /// <summary>It has no state.</summary>
    public static GpioCalls Kernel { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Chips() => Directory.Exists("/dev") ? Directory.GetFiles("/dev", "gpiochip*") : [];

    /// <inheritdoc/>
    public int Open(string path) => Result(Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec | Libc.OpenNonBlocking));

    /// <inheritdoc/>
    public int Ioctl(int fd, nuint request, void* argument)
    {
        int result;
        do
        {
            result = Result(Libc.Ioctl(fd, request, argument));
        }
        while (result == -Libc.Eintr);
        return result;
    }

    /// <inheritdoc/>
    public int Read(int fd, void* into, int bytes)
    {
        int result;
        do
        {
            result = Result((int)Libc.Read(fd, (byte*)into, (nuint)bytes));
        }
        while (result == -Libc.Eintr);
        return result;
    }

    /// <inheritdoc/>
    public int Wait(int fd, int timeoutMs)
    {
        var wait = new Libc.PollDescriptor { Descriptor = fd, Events = Libc.PollIn };
        int result = Result(Libc.Poll(&wait, 1, timeoutMs));
        return result == -Libc.Eintr ? 0 : result; // a wait that a signal ended is a short one
    }

    /// <inheritdoc/>
    public int Close(int fd) => Result(Libc.Close(fd));

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;
}
