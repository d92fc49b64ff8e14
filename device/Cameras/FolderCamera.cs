using System.Security;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>Picture files as frames, in ordinal order of their paths: one file, or those of a folder and of the folders in it, no deeper.</summary>
internal sealed unsafe class FolderCamera : ICamera
{
    private const int MostPictures = 2_000_000;
    private const long LargestFile = FrameLayout.MaxBytes;
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0 };

    private readonly List<string> _paths;
    private readonly bool _loops;
    private readonly Pacer _pacer;
    private readonly FrameBuffer _bytes = new();
    private int _next;
    private uint _sequence;
    private int _unusable; // in a row

    /// <summary>Lists the pictures.</summary>
    /// <exception cref="EdgeException">Exit 3: no picture there.</exception>
    /// <exception cref="CameraException">Nothing there, now.</exception>
    public FolderCamera(CameraRequest request, TimeProvider time)
    {
        _paths = List(request.Device.Whole);
        (_loops, _pacer) = (request.Loop, new Pacer(time, request.FramesPerSecond));
        Mode = new CameraMode(request.Device.Whole, FourCc.Picture, 0, 0, request.FramesPerSecond);
    }

    /// <inheritdoc/>
    public CameraMode Mode { get; }

    /// <inheritdoc/>
    public long Dropped => 0;

    /// <inheritdoc/>
    public long Damaged { get; private set; }

    /// <summary>Whether a name is that of a folder, or of a file as far as no other camera knows it.</summary>
    public static bool Knows(string device) => Directory.Exists(device) || File.Exists(device);

    /// <summary>Looks whether there are pictures.</summary>
    /// <exception cref="EdgeException">Exit 3: no picture there.</exception>
    /// <exception cref="CameraException">Nothing there, now.</exception>
    public static void Check(CameraRequest request) => _ = List(request.Device.Whole);

    /// <summary>
    /// Whether a file of this name is left out: hidden, <c>labels.txt</c>, <c>Thumbs.db</c>, <c>*.md</c>, <c>LICENSE*</c>, <c>README*</c>.
    /// </summary>
    public static bool IsCompanion(string name)
        => name.StartsWith('.')
            || name is "labels.txt" or "Thumbs.db"
            || name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("LICENSE", StringComparison.Ordinal)
            || name.StartsWith("README", StringComparison.Ordinal);

    /// <inheritdoc/>
    public CameraSignal Wait(TimeSpan timeout, out Frame frame)
    {
        frame = default;
        while (_next < _paths.Count || _loops)
        {
            if (!_pacer.Wait(timeout)) return CameraSignal.Silence;
            if (_unusable >= _paths.Count) throw new CameraException($"{Mode.Name}: none of its {_paths.Count} files could be read");
            if (_next == _paths.Count) _next = 0;
            string path = _paths[_next++];
            int length = Read(path);
            if (length <= 0)
            {
                (Damaged, _unusable) = (Damaged + 1, _unusable + 1);
                continue;
            }

            _unusable = 0;
            _pacer.Passed();
            frame = new Frame
            {
                Data = _bytes.Data,
                Length = length,
                Format = FourCc.Picture,
                Width = 0,
                Height = 0,
                Stride = 0,
                Sequence = _sequence++,
                Time = _pacer.Now,
                Name = path,
            };
            return CameraSignal.Frame;
        }

        return CameraSignal.Ended;
    }

    /// <inheritdoc/>
    public void Release(in Frame frame)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pacer.Dispose();
        _bytes.Dispose();
    }

    private static List<string> List(string device)
    {
        if (!Directory.Exists(device)) return File.Exists(device) ? [device] : throw new CameraException($"{device}: no such file or folder");
        try
        {
            var paths = new[] { device }.Concat(
                Directory.EnumerateDirectories(device, "*", Everything).Where(folder => !IsCompanion(Path.GetFileName(folder))))
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*", Everything))
                .Where(path => !IsCompanion(Path.GetFileName(path)))
                .Take(MostPictures + 1)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (paths.Count > MostPictures) throw EdgeException.BadInput($"{device}: more than {MostPictures} pictures; split the folder");
            return paths.Count > 0 ? paths : throw EdgeException.BadInput($"{device}: contains no pictures");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new CameraException($"{device}: cannot be listed ({e.Message})", e);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <returns>Its length; 0 or less when it cannot be read, is empty or too large.</returns>
    private int Read(string path)
    {
        int file = RegularFile.TryOpen(path, out _);
        if (file < 0) return -1;
        try
        {
            long length = PosixFile.Length(file);
            if (length is < 1 or > LargestFile || !_bytes.Reserve(length)) return -1;
            return PosixFile.Read(file, _bytes.Data, length) == length ? (int)length : -1;
        }
        finally
        {
            _ = PosixFile.Close(file);
        }
    }
}
