using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Files;
using ResNetEdge.Model;
using ResNetEdge.Onnx;

namespace ResNetEdge.Packages;

/// <summary>
/// A model as it travels: a folder, the same as one .zip, or a bare .onnx file, which has no manifest. Opening reads the manifest
/// alone; the model is read when asked for, and checked against its length and CRC-32C each time.
/// </summary>
public sealed class Package : IDisposable
{
    private const int MaxLabelsBytes = 16 << 20;
    private readonly PackageFiles? _files; // null for a bare .onnx
    private IReadOnlyList<string>? _labels;

    private Package(string path, PackageFiles? files, Manifest? manifest, InputShapes shapes)
    {
        (Path, _files, Manifest) = (path, files, manifest);
        var source = files is null ? new OnnxSource(path, OnnxReader.FolderOf(path)) : new OnnxSource($"{path}: {PackageFiles.Model}");
        Func<ReadOnlyMemory<byte>> read = files is null ? () => OnnxReader.ReadBytes(path).Memory : ReadModel;
        Model = new ModelSource(path, files is null ? path : null, read, bytes => OnnxReader.Read(bytes, source, shapes)) { Shapes = shapes };
    }

    /// <summary>The path as given.</summary>
    public string Path { get; }

    /// <summary>What the package says about itself; null for a bare .onnx file.</summary>
    public Manifest? Manifest { get; }

    /// <summary>The manifest as it was read, which is what a signature signs; empty for a bare .onnx file.</summary>
    internal ReadOnlyMemory<byte> ManifestBytes { get; private init; }

    /// <summary>Name of the model, for people.</summary>
    public string Name => Manifest?.Name ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Class names in the order of the output; null when the package has none.</summary>
    /// <exception cref="EdgeException">Exit 3: the file cannot be read; exit 4: it is not the one that the manifest describes.</exception>
    public IReadOnlyList<string>? Labels => _labels ??= Manifest?.Labels is { } file ? ReadLabels(file) : null;

    /// <summary>The model, for engines.</summary>
    internal ModelSource Model { get; }

    /// <summary>Levels of the package's ladder besides 0, the whole network; 0 when it has none.</summary>
    public int Levels => Manifest?.Ladder?.Rungs.Count ?? 0;

    /// <summary>Bytes of all files together, for reports.</summary>
    internal long TotalBytes => _files?.Lengths.Values.Sum() ?? new FileInfo(Path).Length;

    /// <summary>Id of the key that signed the package; null when that was not asked for.</summary>
    internal string? SignedBy { get; private init; }

    /// <summary>The model's version, for people and against going back; null when the package has none.</summary>
    public long? ModelVersion => Manifest?.ModelVersion;

    /// <summary>Opens a package or a bare .onnx file; which of them it is is told by its first bytes, not by its name.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable, damaged, hostile, or of an unknown schema version.</exception>
    public static Package Open(string path) => Open(path, null);

    /// <summary>
    /// Opens a package; with keys only one that one of them signed, and then every file is checked against its signed SHA-256 each time it is read.
    /// </summary>
    /// <param name="path">As for <see cref="Open(string)"/>.</param>
    /// <param name="keys">Null: signatures are not looked at.</param>
    /// <param name="shapes">Shapes for inputs that the model leaves open; checked when the model is read.</param>
    /// <exception cref="EdgeException">Exit 3: as for <see cref="Open(string)"/>. Exit 4: not
    /// signed, damaged, or signed with another key.</exception>
    internal static Package Open(string path, TrustedKeys? keys, InputShapes? shapes = null)
    {
        if (!Directory.Exists(path) && !StartsLikeZip(path))
        {
            if (keys is not null)
                throw EdgeException.Refused(
                    $"{path}: is a bare file, which cannot be signed; only packages signed with a key in '{keys.Path}' are accepted");
            return new Package(path, null, null, shapes ?? InputShapes.None);
        }

        var files = PackageFiles.Open(path);
        try
        {
            if (!files.Lengths.ContainsKey(PackageFiles.Manifest))
            {
                string? nested = files.Lengths.Keys.FirstOrDefault(n => n.EndsWith("/" + PackageFiles.Manifest, StringComparison.Ordinal));
                throw files.Fail(nested is null
                    ? $"is not a package: it has no {PackageFiles.Manifest}"
                    : $"is not a package: {PackageFiles.Manifest} is at '{nested}', not at the top level");
            }

            byte[] bytes = files.Read(PackageFiles.Manifest, ManifestJson.MaxBytes);
            string? signedBy = keys is null ? null : PackageSignature.Require(files, bytes, keys);
            var manifest = ManifestJson.Read(bytes, path);
            if (signedBy is not null) files.SignedHashes = manifest.Files.ToDictionary(f => f.Path, f => f.Sha256, StringComparer.Ordinal);
            return new Package(path, files, manifest, shapes ?? InputShapes.None) { SignedBy = signedBy, ManifestBytes = bytes };
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The network of a level, for engines.</summary>
    /// <param name="level">0 for the whole network, up to <see cref="Levels"/>.</param>
    /// <exception cref="EdgeException">Exit 2: there is no such level. Exit 3 or 4, when the model
    /// is read: as for <see cref="Model"/>, or the ladder does not fit the network.</exception>
    internal ModelSource ModelAt(int level)
    {
        if (level < 0 || level > Levels)
            throw new EdgeException(FailureKind.Usage,
                Levels == 0 ? $"{Path}: has no ladder, so there is only level 0" : $"{Path}: no level {level}; its ladder has levels 0 to {Levels}");
        if (level == 0) return Model;
        var ladder = Manifest!.Ladder!;
        return new ModelSource($"{Path} at level {level}", () => LadderSplice.Apply(Model.Graph, ReadLadder(ladder), ladder.Rungs[level - 1], Path));
    }

    /// <summary>The states that the manifest names, or those that the caller names for a model without them.</summary>
    /// <exception cref="EdgeException">Usage: both name states.</exception>
    internal IReadOnlyList<ModelState> StatesOr(IReadOnlyList<ModelState> given)
    {
        var own = Manifest?.States ?? [];
        if (own.Count > 0 && given.Count > 0) throw new EdgeException(FailureKind.Usage, $"{Path}: names its states itself; give none for it");
        return own.Count > 0 ? own : given;
    }

    /// <summary>The replacements of hidden blocks; null when the package has no ladder.</summary>
    /// <exception cref="EdgeException">Exit 3: the file cannot be used; exit 4: it is not the one that the manifest describes.</exception>
    internal Graph? ReadLadder() => Manifest?.Ladder is { } ladder ? ReadLadder(ladder) : null;

    /// <summary>
    /// Compares every file with the manifest: none missing, none besides, lengths and SHA-256 equal. Nothing to compare in a bare .onnx file.
    /// </summary>
    /// <exception cref="EdgeException">Exit 4: a difference; the message names the file. Exit 3: a file cannot be read.</exception>
    public void VerifyFiles()
    {
        if (_files is null) return;
        var listed = Manifest!.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        foreach (string name in _files.Lengths.Keys)
        {
            if (!listed.ContainsKey(name) && name is not (PackageFiles.Manifest or PackageFiles.Signature))
                throw EdgeException.Refused($"{Path}: '{name}' is not listed in the manifest");
        }

        foreach (var file in Manifest.Files)
        {
            CheckLength(file);
            var hash = new Sha256();
            _files.Walk(file.Path, stream =>
            {
                byte[] buffer = new byte[64 << 10];
                long left = file.Bytes;
                while (left > 0)
                {
                    int count = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                    if (count == 0) throw new InvalidDataException($"it ends {left} bytes early");
                    hash.Append(buffer.AsSpan(0, count));
                    left -= count;
                }
            });
            if (hash.FinishHex() != file.Sha256)
                throw EdgeException.Refused($"{Path}: '{file.Path}' is not the file that the manifest describes (SHA-256 differs)");
        }
    }

    /// <summary>The golden vectors of a level, each read when it is reached; none for a bare .onnx file.</summary>
    /// <param name="level">0 for the whole network.</param>
    /// <exception cref="EdgeException">Exit 3: a file is missing, damaged or does not fit; while enumerating.</exception>
    internal IEnumerable<Golden> ReadGolden(int level = 0) =>
        Enumerable.Range(0, Manifest?.Golden?.Count ?? 0).Select(vector => Golden.Read(_files!, Manifest!, vector, level));

    /// <summary>How far an engine's outputs may be from a level's golden ones.</summary>
    internal GoldenTolerance Tolerance(int level) =>
        level > 0 ? GoldenTolerance.Of(Manifest!.Ladder!.Rungs[level - 1]) : GoldenTolerance.Of(Manifest?.Golden);

    /// <summary>A further file that no engine needs, checked against the manifest; null when the package has none of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="maxBytes">A longer one is refused.</param>
    /// <exception cref="EdgeException">Exit 3: it cannot be read or is too long; exit 4: it is not the one that the manifest describes.</exception>
    internal byte[]? ReadReport(string name, long maxBytes) => Manifest?.Files.Any(f => f.Path == name) == true ? ReadChecked(name, maxBytes) : null;

    /// <summary>A file as it lies there, not checked against the manifest.</summary>
    /// <param name="name">One of <see cref="Files"/>.</param>
    /// <exception cref="EdgeException">Exit 3: it cannot be read.</exception>
    internal byte[] ReadFile(string name) => _files!.Read(name, Array.MaxLength);

    /// <summary>Files of the package, with their lengths; null for a bare .onnx file.</summary>
    internal IReadOnlyDictionary<string, long>? Files => _files?.Lengths;

    /// <inheritdoc/>
    public void Dispose() => _files?.Dispose();

    private static bool StartsLikeZip(string path)
    {
        try
        {
            using var file = RegularFile.Open(path, 0);
            Span<byte> start = stackalloc byte[4];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
                && start[..2].SequenceEqual("PK"u8) && start[2..].SequenceEqual((ReadOnlySpan<byte>)[3, 4]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.BadInput($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private List<string> ReadLabels(string file)
    {
        byte[] bytes = ReadChecked(file, MaxLabelsBytes);
        if (Utf8Text.Fault(bytes) is { } fault) throw _files!.Fail($"'{file}': {fault}");
        return [.. Encoding.UTF8.GetString(Utf8Text.WithoutMark(bytes)).TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    private Graph ReadLadder(ManifestLadder ladder) => OnnxReader.Read(ReadPinned(ladder.File), $"{Path}: {ladder.File}");

    private ReadOnlyMemory<byte> ReadModel() => ReadPinned(PackageFiles.Model);

    private ReadOnlyMemory<byte> ReadPinned(string name)
    {
        var listed = Listed(name);
        var bytes = _files!.ReadPinned(listed.Path, int.MaxValue);
        CheckSum(listed, bytes.GetSpan());
        return bytes.Memory;
    }

    private byte[] ReadChecked(string name, long maxBytes)
    {
        var listed = Listed(name);
        byte[] bytes = _files!.Read(name, maxBytes);
        CheckSum(listed, bytes);
        return bytes;
    }

    private ManifestFile Listed(string name)
    {
        var listed = Manifest!.Files.First(f => f.Path == name); // the manifest was checked to list it
        CheckLength(listed);
        return listed;
    }

    private void CheckSum(ManifestFile listed, ReadOnlySpan<byte> bytes)
    {
        if (Crc32C.Hex(bytes) != listed.Crc32c)
            throw EdgeException.Refused(
                $"{Path}: '{listed.Path}' is not the file that the manifest describes (CRC-32C differs); copy the package again");
    }

    private void CheckLength(ManifestFile listed)
    {
        if (!_files!.Lengths.TryGetValue(listed.Path, out long length))
            throw EdgeException.Refused($"{Path}: '{listed.Path}', which the manifest lists, is missing");
        if (length != listed.Bytes) throw EdgeException.Refused($"{Path}: '{listed.Path}' has {length} bytes where the manifest says {listed.Bytes}");
    }
}
