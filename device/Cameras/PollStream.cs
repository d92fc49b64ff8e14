using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// A file, a named pipe or standard input, read so that the reader can be told to stop: no call blocks for longer than a moment, not even
/// opening a pipe that nobody writes to.
/// </summary>
internal sealed unsafe class PollStream : ForwardStream
{
    private const int StandardInput = 0, MomentMs = 100;
    private const string Dash = "-";

    private readonly CancellationToken _stop;
    private int _file;

    /// <summary>Opens a file, named pipe or standard input for reads that can be ended.</summary>
    /// <param name="path">Of a file or named pipe; <c>-</c> is standard input.</param>
    /// <param name="stop">Ends a read that waits.</param>
    /// <exception cref="CameraException">Not there, or not readable.</exception>
    public PollStream(string path, CancellationToken stop)
    {
        _stop = stop;
        _file = path == Dash ? StandardInput : PosixFile.Open(path);
        if (_file < 0) throw new CameraException($"{path}: cannot be opened ({PosixFile.LastError()})");
    }

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    /// <exception cref="IOException">The system cannot read.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            _stop.ThrowIfCancellationRequested();
            var wait = new Libc.PollDescriptor { Descriptor = _file, Events = Libc.PollIn };
            int ready = Libc.Poll(&wait, 1, MomentMs);
            if (ready < 0 && Marshal.GetLastPInvokeError() != Libc.Eintr) throw Failed();
            if (ready <= 0) continue;
            nint got;
            fixed (byte* into = buffer) got = Libc.Read(_file, into, (nuint)buffer.Length);
            if (got >= 0) return (int)got;
            if (Marshal.GetLastPInvokeError() is not (Libc.Eintr or Libc.Eagain)) throw Failed();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_file > StandardInput) _ = PosixFile.Close(_file);
        _file = -1;
        base.Dispose(disposing);
    }

    private static IOException Failed() => new(PosixFile.LastError());
}
