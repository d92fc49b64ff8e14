using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// Every whole package that a test leaves in its folder must be one that others can use: ONNX Runtime loads it, and ONNX's checker finds nothing.
/// Where one of the
/// two is not on this machine, the other is asked alone.
/// </summary>
internal static class WrittenPackages
{
    /// <summary>Checks every package in a folder. Those that a test has damaged on purpose do not verify and are passed over.</summary>
    /// <returns>How many were checked.</returns>
    public static int Check(string folder)
    {
        int count = 0;
        IEnumerable<string> folders =
            Directory.EnumerateFiles(folder, PackageFiles.Manifest, SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!);
        foreach (string path in folders.Concat(Directory.EnumerateFiles(folder, "*.zip", SearchOption.AllDirectories)))
        {
            if (ModelOf(path) is not { } model) continue;
            CheckModel(path, model);
            string ladder = Path.Combine(path, PackageFiles.Ladder);
            if (File.Exists(ladder)) CheckModel(ladder, File.ReadAllBytes(ladder));
            count++;
        }

        return count;
    }

    /// <summary>Checks one model.</summary>
    /// <param name="what">Named when it fails.</param>
    /// <param name="model">The ONNX file.</param>
    public static void CheckModel(string what, byte[] model)
    {
        if (OnnxRuntimeHere.IsHere)
        {
            var refused = Record.Exception(() => new ManagedOnnxRuntime(model).Dispose());
            Assert.True(refused is null, $"ONNX Runtime does not load {what}: {refused?.Message}");
        }

        if (OnnxChecker.Missing is not null) return;
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, model);
            string? wrong = OnnxChecker.Check(file);
            Assert.True(wrong is null, $"ONNX's checker on {what}: {wrong}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Null for what is not a whole package.
    private static byte[]? ModelOf(string path)
    {
        try
        {
            using var package = Package.Open(path);
            if (package.Manifest is null) return null;
            package.VerifyFiles();
            return package.Model.Bytes.ToArray();
        }
        catch (EdgeException)
        {
            return null;
        }
    }
}
