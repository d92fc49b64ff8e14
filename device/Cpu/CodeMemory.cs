using System.ComponentModel;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cpu;

/// <summary>
/// Machine code mapped readable and executable. No page is ever writable and executable, not even one after the other: the bytes
/// go into a memory file by write(2), the file is sealed against every change, and only then mapped. This works under systemd's
/// <c>MemoryDenyWriteExecute=yes</c>.
/// </summary>
internal sealed unsafe class CodeMemory : IDisposable
{
    private readonly nuint _length;
    private nint _address;

    private CodeMemory(nint address, nuint length)
    {
        _address = address;
        _length = length;
    }

    /// <summary>Maps a copy of the code.</summary>
    /// <param name="code">Position-independent machine code.</param>
    /// <param name="refusal">Null on success, else which call the system refused and why.</param>
    /// <returns>The mapping, or null when the system refuses executable memory.</returns>
    public static CodeMemory? TryMap(ReadOnlySpan<byte> code, out string? refusal)
    {
        if (!OperatingSystem.IsLinux())
        {
            refusal = "executable memory is only implemented for Linux";
            return null;
        }

        int fd = CreateFile();
        if (fd < 0)
        {
            refusal = Refusal("memfd_create");
            return null;
        }

        try
        {
            refusal = Fill(fd, code);
            return refusal is null ? Map(fd, (nuint)code.Length, out refusal) : null;
        }
        finally
        {
            _ = Libc.Close(fd); // The mapping keeps the file alive.
        }
    }

    /// <summary>Address of a byte of the code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the code.</exception>
    public nint At(int offset)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        return (uint)offset < _length ? _address + offset : throw new ArgumentOutOfRangeException(nameof(offset));
    }

    /// <summary>Unmaps the code; nobody may be running it.</summary>
    public void Dispose()
    {
        if (_address != 0)
            _ = Libc.Munmap(_address, _length);
        _address = 0;
    }

    /// <summary>MFD_EXEC exists since Linux 6.3 and is needed where vm.memfd_noexec is 1; older kernels answer EINVAL.</summary>
    private static int CreateFile()
    {
        const uint Flags = Libc.MfdCloexec | Libc.MfdAllowSealing;
        int fd = Libc.MemfdCreate("resnetedge-kernels", Flags | Libc.MfdExec);
        return fd < 0 && Marshal.GetLastPInvokeError() == Libc.Einval ? Libc.MemfdCreate("resnetedge-kernels", Flags) : fd;
    }

    private static string? Fill(int fd, ReadOnlySpan<byte> code)
    {
        fixed (byte* bytes = code)
        {
            for (nint done = 0; done < code.Length;)
            {
                nint written = Libc.Write(fd, bytes + done, (nuint)(code.Length - done));
                if (written < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr)
                    continue;
                if (written <= 0)
                    return Refusal("write to a memory file");
                done += written;
            }
        }

        return Libc.Fcntl(fd, Libc.AddSeals, Libc.SealSeal | Libc.SealShrink | Libc.SealGrow | Libc.SealWrite) == 0
            ? null : Refusal("sealing a memory file");
    }

    private static CodeMemory? Map(int fd, nuint length, out string? refusal)
    {
        nint address = Libc.Mmap(0, length, Libc.ProtRead | Libc.ProtExec, Libc.MapPrivate, fd, 0);
        refusal = address == -1 ? Refusal("mapping executable memory") : null;
        return address == -1 ? null : new CodeMemory(address, length);
    }

    private static string Refusal(string call) => $"{call} was refused: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}";
}
