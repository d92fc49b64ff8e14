using Microsoft.Win32.SafeHandles;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// Lines at the end of a file that is put aside when it is full: <c>path.1</c> is the one before, <c>path.2</c> the
/// one before that. A line is never in two files, never cut in two, and goes to the end of the file wherever that
/// is: others may write to it, or empty it. Lines are handed to the system at once and to the disk when the file is
/// put aside or closed: a crash of the program loses none, a power cut those of the last half minute or so.
/// </summary>
internal sealed class RotatingFile : ILineFile
{
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly int _files;
    private SafeFileHandle? _file;

    /// <summary>Looks at the path; it is opened by the first line.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="maxBytes">A file that would grow beyond is put aside first.</param>
    /// <param name="files">Kept, the one written to included.</param>
    /// <exception cref="EdgeException">Exit 3: the path can never be a file that is written to.</exception>
    public RotatingFile(string path, long maxBytes, int files)
    {
        (_path, _maxBytes, _files) = (Path.GetFullPath(path), maxBytes, files);
        if (FileFacts.Of(_path).Kind is not (FileKind.Missing or FileKind.Regular) and var kind)
            throw EdgeException.BadInput($"'{path}' is {(kind == FileKind.Folder ? "a folder" : "not a regular file")}; "
                + "lines are written to a file, which is created if missing, or to 'stdout'");
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> lines)
    {
        var file = Open();
        long length = RandomAccess.GetLength(file); // asked each time: others may have added to it, or emptied it
        if (length > 0 && length + lines.Length > _maxBytes)
        {
            PutAside();
            file = Open();
            length = RandomAccess.GetLength(file);
        }

        try
        {
            RandomAccess.Write(file, lines, length);
        }
        catch (IOException)
        {
            Restore(file, length);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file is null) return;
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        finally
        {
            _file.Dispose();
            _file = null;
        }
    }

    private SafeFileHandle Open()
    {
        if (_file is not null) return _file;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var file = PosixFile.Append(_path);
        try
        {
            // What a power cut left of a line must not swallow the beginning of the next.
            long length = RandomAccess.GetLength(file);
            Span<byte> last = stackalloc byte[1];
            if (length > 0 && RandomAccess.Read(file, last, length - 1) == 1 && last[0] != '\n') RandomAccess.Write(file, "\n"u8, length);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        return _file = file;
    }

    private void PutAside()
    {
        Dispose();
        for (int i = _files - 1; i > 0; i--)
        {
            string from = i == 1 ? _path : $"{_path}.{i - 1}";
            if (File.Exists(from)) File.Move(from, $"{_path}.{i}", overwrite: true);
        }

        if (_files == 1) File.Delete(_path);
    }

    // A disk that fills in the middle of a line leaves its first half; shortening works on a full disk too.
    private void Restore(SafeFileHandle file, long length)
    {
        try
        {
            RandomAccess.SetLength(file, length);
        }
        catch (IOException)
        {
            file.Dispose(); // opened again by the next line, which begins a new one if this one stayed cut
            _file = null;
        }
    }
}
