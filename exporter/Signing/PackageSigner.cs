using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Signing;

/// <summary>Signs a package where it lies: the signature is put in, or replaced, in one step, and no other byte of the content changes.</summary>
internal static class PackageSigner
{
    /// <summary>Signs a package, after every file was checked against the manifest: nothing is vouched for that was not looked at.</summary>
    /// <param name="path">A folder or a .zip.</param>
    /// <param name="key">The maker's.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="EdgeException">Exit 3: it is not a package. Exit 4: a file is not the one
    /// that the manifest lists. Exit 5: it cannot be written.</exception>
    public static PackageSignature Sign(string path, SigningKey key)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        using var package = Package.Open(path);
        if (package.Manifest is null) throw EdgeException.BadInput($"{path}: is a bare ONNX file; only a package can be signed, so export it first");
        package.VerifyFiles();
        var signature = key.Sign(package.ManifestBytes.Span);
        byte[] json = signature.ToJson();
        if (Directory.Exists(path)) WriteInFolder(path, json);
        else PackageWriter.WriteZip(path, [.. Copies(package), (PackageFiles.Signature, s => s.Write(json))]);
        return signature;
    }

    private static IEnumerable<(string Name, Action<Stream> Write)> Copies(Package package) =>
        from name in package.Files!.Keys
        where name != PackageFiles.Signature
        select (name, (Action<Stream>)(stream => stream.Write(package.ReadFile(name))));

    // The new file is made beside the package, not in it: after a power cut there is no file in it that its manifest does not list.
    private static void WriteInFolder(string folder, byte[] json) => AtomicFile.Guard(folder, () =>
        AtomicFile.Write(Path.Combine(folder, PackageFiles.Signature), stream => stream.Write(json), AtomicFile.Sibling(folder)));
}
