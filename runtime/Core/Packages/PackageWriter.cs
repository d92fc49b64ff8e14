using System.IO.Compression;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Passes;

namespace ResNetEdge.Packages;

/// <summary>What goes into a package.</summary>
/// <param name="Manifest">All but <see cref="Manifest.Files"/>, <see cref="Manifest.Labels"/> and
/// <see cref="Manifest.Golden"/>'s count, which the writer fills in.</param>
/// <param name="Model">The network; what is to be float16 in its file is float32 here (<see cref="Graph.Halves"/>).</param>
/// <param name="Labels">Class names in the order of the output, or null.</param>
/// <param name="Golden">Golden vectors; may be empty.</param>
internal sealed record PackageContent(Manifest Manifest, Graph Model, IReadOnlyList<string>? Labels, IReadOnlyList<Golden> Golden)
{
    /// <summary>The ladder's file, where the manifest describes a ladder.</summary>
    public Graph? Ladder { get; init; }

    /// <summary>[level - 1][vector][output]: what the ladder's levels give for the golden inputs.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<Tensor>>> LevelOutputs { get; init; } = [];

    /// <summary>Further files that no engine needs: reports, by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Reports { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();
}

/// <summary>
/// Writes a package as a folder, or as one zip when the target's name ends in <c>.zip</c>: whole or
/// not at all, the same content giving the same bytes.
/// </summary>
internal static class PackageWriter
{
    // The first moment that a zip archive can name; a package holds no time.
    private static readonly DateTimeOffset ZipTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a package. A package already there is replaced in one step; anything else there is left alone.</summary>
    /// <exception cref="EdgeException">Exit 3: the target exists and is not a package, or the content is not valid. Exit 5: no permission, a
    /// read-only or full disk. In every case the target is as it was and nothing is left beside it.</exception>
    public static void Write(string target, PackageContent content)
    {
        target = Path.TrimEndingDirectorySeparator(target);
        RequireReplaceable(target);
        if (target.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) WriteZip(target, content);
        else AtomicFile.WriteFolder(target, folder => Fill(folder, content));
    }

    private static void WriteZip(string target, PackageContent content) => AtomicFile.Guard(target, () =>
    {
        string folder = AtomicFile.Sibling(target);
        try
        {
            Directory.CreateDirectory(folder);
            Fill(folder, content);
            WriteZip(target,
                [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(p => (Path.GetRelativePath(folder, p), CopyOf(p)))]);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    });

    private static void Fill(string folder, PackageContent content)
    {
        var files = new List<ManifestFile>();
        var (model, values) = NarrowFloats.Of(content.Model);
        files.Add(Add(folder, PackageFiles.Model, stream => OnnxWriter.Write(model, stream, values)));
        if (content.Labels is not null)
            files.Add(Add(
                folder, PackageFiles.Labels,
                stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(content.Labels.Select(l => Line(l) + "\n"))))));
        for (int v = 0; v < content.Golden.Count; v++)
        {
            var golden = content.Golden[v];
            for (int i = 0; i < golden.Inputs.Count; i++)
                files.Add(Add(folder, Packages.Golden.InputFile(v, i), stream => Npy.Write(stream, golden.Inputs[i])));
            for (int o = 0; o < golden.Outputs.Count; o++)
                files.Add(Add(folder, Packages.Golden.OutputFile(v, o), stream => Npy.Write(stream, golden.Outputs[o])));
        }

        AddLadder(folder, content, files);
        foreach (var (name, bytes) in content.Reports) files.Add(Add(folder, name, stream => stream.Write(bytes.Span)));

        var manifest = content.Manifest with
        {
            Labels = content.Labels is null ? null : PackageFiles.Labels,
            Golden = content.Golden.Count == 0 ? null : (content.Manifest.Golden ?? new(0, 0)) with { Count = content.Golden.Count },
            Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)],
        };
        try
        {
            AtomicFile.WriteFlushed(Path.Combine(folder, PackageFiles.Manifest), stream => stream.Write(ManifestJson.Write(manifest)));
        }
        catch (FormatException e)
        {
            throw EdgeException.BadInput($"the manifest of package '{manifest.Name}' cannot be written: {e.Message}", e);
        }
    }

    private static void AddLadder(string folder, PackageContent content, List<ManifestFile> files)
    {
        if (content.Ladder is null) return;
        var (ladder, values) = NarrowFloats.Of(content.Ladder, isPart: true);
        files.Add(Add(folder, PackageFiles.Ladder, stream => OnnxWriter.Write(ladder, stream, values)));
        for (int l = 0; l < content.LevelOutputs.Count; l++)
        {
            for (int v = 0; v < content.LevelOutputs[l].Count; v++)
            {
                var outputs = content.LevelOutputs[l][v];
                for (int o = 0; o < outputs.Count; o++)
                    files.Add(Add(folder, Packages.Golden.OutputFile(v, o, l + 1), stream => Npy.Write(stream, outputs[o])));
            }
        }
    }

    private static string Line(string label) => label.AsSpan().IndexOfAny('\n', '\r') < 0
        ? label
        : throw EdgeException.BadInput($"the label '{label.ReplaceLineEndings(" ")}' has more than one line");

    private static ManifestFile Add(string folder, string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ManifestFile? file = null;
        AtomicFile.WriteFlushed(path, stream =>
        {
            using var hashing = new HashingStream(stream);
            write(hashing);
            file = hashing.Describe(name);
        });
        return file!;
    }

    /// <summary>Writes or replaces a zip archive of these files in one step.</summary>
    /// <param name="target">The archive.</param>
    /// <param name="files">In any order; the archive has them by name.</param>
    /// <exception cref="EdgeException">Exit 5: no permission, a read-only or full disk; the target is as it was.</exception>
    public static void WriteZip(string target, IReadOnlyList<(string Name, Action<Stream> Write)> files) => AtomicFile.Write(target, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, write) in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            // Stored: int8 weights hardly shrink, and a package that need not be inflated loads faster.
            var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
            entry.LastWriteTime = ZipTime;
            entry.ExternalAttributes = Convert.ToInt32("100644", 8) << 16;
            using var sink = entry.Open();
            write(sink);
        }
    });

    private static Action<Stream> CopyOf(string path) => sink =>
    {
        using var source = RegularFile.Open(path, 0);
        source.CopyTo(sink);
    };

    private static void RequireReplaceable(string target)
    {
        bool isFolder = Directory.Exists(target);
        if (!isFolder && !File.Exists(target)) return;
        if (isFolder && !Directory.EnumerateFileSystemEntries(target).Any()) return;
        bool wantsZip = target.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
        if (isFolder == wantsZip) throw EdgeException.BadInput($"{target}: exists and is {(isFolder ? "a folder" : "a file")}; nothing was written");
        try
        {
            using var package = Package.Open(target);
            if (package.Manifest is null) throw EdgeException.BadInput($"{target}: it is not a package");
            var listed = package.Manifest.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
            string? foreign =
                package.Files!.Keys.FirstOrDefault(n => !listed.Contains(n) && n is not (PackageFiles.Manifest or PackageFiles.Signature));
            if (foreign is not null) throw EdgeException.BadInput($"{target}: it contains '{foreign}', which is not part of a package");
        }
        catch (EdgeException e)
        {
            throw EdgeException.BadInput($"{target}: exists and cannot be replaced as a package; nothing was written ({e.Message})", e);
        }
    }
}
