using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>A video device of this machine.</summary>
internal sealed unsafe class LinuxVideoDevice : IVideoDevice
{
    private int _file;

    private LinuxVideoDevice(int file) => _file = file;

    /// <summary>Opens a device node, never blocking.</summary>
    /// <param name="path">Of the node, or of a link to it.</param>
    /// <exception cref="EdgeException">Exit 5: no permission.</exception>
    /// <exception cref="CameraException">Not there, busy, failing.</exception>
    public static LinuxVideoDevice Open(string path)
    {
        int file = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenNonBlocking | Libc.OpenCloseOnExec);
        if (file >= 0) return new LinuxVideoDevice(file);
        int error = Marshal.GetLastPInvokeError();
        string words = Marshal.GetPInvokeErrorMessage(error);
        throw error switch
        {
            Libc.Eacces or Libc.Eperm =>
                EdgeException.Unavailable($"{path}: no permission to open the camera ({words}); add the user to the group 'video'"),
            Libc.Enoent or Libc.Enxio or Libc.Enodev => new CameraException($"{path}: no camera ({words}); is it plugged in?"),
            _ => new CameraException($"{path}: the camera cannot be opened ({words})"),
        };
    }

    /// <inheritdoc/>
    public int Ioctl(uint request, void* argument)
    {
        while (Libc.Ioctl(_file, request, argument) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Libc.Eintr) return error;
        }

        return 0;
    }

    /// <inheritdoc/>
    public int Poll(TimeSpan timeout, out short events)
    {
        var wait = new Libc.PollDescriptor { Descriptor = _file, Events = Libc.PollIn };
        double milliseconds = Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 0, int.MaxValue);
        int count = Libc.Poll(&wait, 1, (int)milliseconds);
        events = count > 0 ? wait.Happened : (short)0;
        int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        return error == Libc.Eintr ? 0 : error;
    }

    /// <inheritdoc/>
    public byte* Map(uint length, uint offset, out int error)
    {
        nint address = Libc.Mmap(0, length, Libc.ProtRead, Libc.MapShared, _file, (nint)offset);
        error = address == -1 ? Marshal.GetLastPInvokeError() : 0;
        return address == -1 ? null : (byte*)address;
    }

    /// <inheritdoc/>
    public void Unmap(byte* address, uint length) => _ = Libc.Munmap((nint)address, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file >= 0) _ = Libc.Close(_file);
        _file = -1;
    }
}
