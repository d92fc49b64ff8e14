using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Pins;

/// <summary>
/// One line, held by this process. When the process ends, however it ends, the kernel takes the line back, and most chips then let
/// it go to where its resistors pull it: a load that must be off without us needs a resistor that turns it off.
/// </summary>
/// <remarks>Source: Linux, Documentation/userspace-api/gpio/chardev.rst.</remarks>
internal sealed unsafe class GpioLine : IDisposable
{
    private readonly IGpioCalls _calls;
    private readonly GpioAddress _address;
    private int _fd;

    private GpioLine(IGpioCalls calls, GpioAddress address, int fd) => (_calls, _address, _fd) = (calls, address, fd);

    /// <summary>Finds a line and takes it as an output; it has its value from the first moment.</summary>
    /// <param name="calls">The kernel's.</param>
    /// <param name="address">Names the line, by name or by chip and offset.</param>
    /// <param name="isActiveLow">Active is the low level.</param>
    /// <param name="isActive">At first.</param>
    /// <exception cref="GpioException">Not there, in use, no permission.</exception>
    public static GpioLine Open(IGpioCalls calls, GpioAddress address, bool isActiveLow, bool isActive) =>
        Open(calls, address, new GpioUse { IsOutput = true, IsActiveLow = isActiveLow, IsActive = isActive });

    /// <summary>Finds a line and takes it.</summary>
    /// <param name="calls">The kernel's.</param>
    /// <param name="address">Names the line, by name or by chip and offset.</param>
    /// <param name="use">As what.</param>
    /// <exception cref="GpioException">Not there, in use, no permission.</exception>
    public static GpioLine Open(IGpioCalls calls, GpioAddress address, in GpioUse use)
    {
        var (path, offset) = GpioChip.Find(calls, address);
        int chip = calls.Open(path);
        if (chip < 0) throw GpioException.Of($"{path} cannot be opened", -chip);
        try
        {
            GpioAbi.LineRequest request = default;
            request.Offsets[0] = (uint)offset;
            request.LineCount = 1;
            "resnetedge"u8.CopyTo(new Span<byte>(request.Consumer, GpioAbi.NameSize));
            request.Config = use.ToConfig();
            int result = calls.Ioctl(chip, GpioAbi.GetLine, &request);
            return result < 0 ? throw GpioException.Of($"line {address} cannot be requested", -result) : new GpioLine(calls, address, request.Fd);
        }
        finally
        {
            _ = calls.Close(chip); // the line has a descriptor of its own
        }
    }

    /// <summary>Makes it something else without giving it back in between.</summary>
    /// <exception cref="GpioException">Its chip is gone, or cannot do it.</exception>
    public void Change(in GpioUse use)
    {
        var config = use.ToConfig();
        int result = _calls.Ioctl(_fd, GpioAbi.SetConfig, &config);
        if (result < 0) throw GpioException.Of($"line {_address} cannot be changed", -result);
    }

    /// <summary>Waits for an edge.</summary>
    /// <returns>False: none in the time.</returns>
    /// <exception cref="GpioException">Its chip is gone or fails.</exception>
    public bool WaitForEdge(TimeSpan most, out GpioEdge edge)
    {
        edge = default;
        int result = _calls.Wait(_fd, (int)Math.Clamp(Math.Ceiling(most.TotalMilliseconds), 0, int.MaxValue));
        if (result == 0)
        {
            _ = Get(); // a chip that is gone shows only when asked
            return false;
        }

        GpioAbi.LineEvent change = default;
        if (result > 0) result = _calls.Read(_fd, &change, sizeof(GpioAbi.LineEvent));
        if (result == -Libc.Eagain) return false;
        if (result < 0) throw GpioException.Of($"line {_address} gives no events", -result);
        if (result != sizeof(GpioAbi.LineEvent) || change.Id is not (GpioAbi.RisingEdge or GpioAbi.FallingEdge))
            throw new GpioException($"line {_address} gives events that the kernel does not have", 0);
        edge = new GpioEdge(change.Id == GpioAbi.RisingEdge, TimeSpan.FromTicks((long)(change.TimeNs / TimeSpan.NanosecondsPerTick)));
        return true;
    }

    /// <summary>Drives the line active or inactive.</summary>
    /// <exception cref="GpioException">Its chip is gone or fails.</exception>
    public void Set(bool isActive)
    {
        var values = new GpioAbi.LineValues { Bits = isActive ? 1u : 0, Mask = 1 };
        int result = _calls.Ioctl(_fd, GpioAbi.SetValues, &values);
        if (result < 0) throw GpioException.Of($"line {_address} cannot be set", -result);
    }

    /// <summary>Asks whether it is active; so one learns that its chip is gone.</summary>
    /// <exception cref="GpioException">Its chip is gone or fails.</exception>
    public bool Get()
    {
        var values = new GpioAbi.LineValues { Mask = 1 };
        int result = _calls.Ioctl(_fd, GpioAbi.GetValues, &values);
        return result < 0 ? throw GpioException.Of($"line {_address} cannot be read", -result) : (values.Bits & 1) != 0;
    }

    /// <summary>Gives it back as it is.</summary>
    public void Dispose()
    {
        if (_fd < 0) return;
        _ = _calls.Close(_fd); // of a chip that is gone it may fail, and is gone all the same
        _fd = -1;
    }
}
