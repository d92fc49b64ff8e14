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
    public int Close(int fd) => Result(Libc.Close(fd));

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;
}
