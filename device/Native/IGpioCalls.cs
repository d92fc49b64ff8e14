namespace ResNetEdge.Device.Native;

/// <summary>The system calls that GPIO lines are driven by. Each gives 0 or more, or the negative of the system's error number.</summary>
internal unsafe interface IGpioCalls
{
    /// <summary>Paths of the chips that there are, in no order.</summary>
    IReadOnlyList<string> Chips();

    /// <summary>Opens a chip.</summary>
    int Open(string path);

    /// <summary>A request of <see cref="GpioAbi"/>.</summary>
    int Ioctl(int fd, nuint request, void* argument);

    /// <summary>Reads events of a line.</summary>
    /// <returns>Bytes; minus <see cref="Libc.Eagain"/> when there is none.</returns>
    int Read(int fd, void* into, int bytes);

    /// <summary>Waits for an event of a line.</summary>
    /// <returns>1: there is one, or the line fails, which the next call tells; 0: none in the time.</returns>
    int Wait(int fd, int timeoutMs);

    /// <summary>Closes a chip, or gives a line back.</summary>
    int Close(int fd);
}
