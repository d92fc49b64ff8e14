namespace ResNetEdge.Sbom;

/// <summary>Code in a program, or loaded by it, that no lock file names.</summary>
/// <param name="Name">Of the part.</param>
/// <param name="Version">Null: not ours to say.</param>
/// <param name="License">Licence by its SPDX identifier.</param>
/// <param name="Purl">Package URL; null: there is none.</param>
/// <param name="How">How it gets there, one sentence.</param>
/// <param name="IsLoaded">Loaded from the system at run time and not in the package.</param>
internal sealed record NativePart(string Name, string? Version, string License, string? Purl, string How, bool IsLoaded = false)
{
    /// <summary>Those of a program.</summary>
    /// <param name="program">That is packed.</param>
    /// <param name="profile"><c>linux-x64</c> or <c>linux-arm64</c>.</param>
    public static IReadOnlyList<NativePart> Of(PackedProgram program, string profile)
    {
        string version = program.Packages.CompilerVersion;
        var parts =
            new List<NativePart> { Runtime($"Microsoft.NETCore.App.Runtime.NativeAOT.{profile}", "The .NET runtime and class library, linked in.") };
        if (program.HasWeb) parts.Add(Runtime($"Microsoft.AspNetCore.App.Runtime.{profile}", "ASP.NET Core's Kestrel, linked in for the live page."));
        parts.AddRange(
        [
            new("zlib-ng", null, "Zlib", "pkg:github/zlib-ng/zlib-ng",
                "Part of .NET's System.IO.Compression, linked in; its version is that of the .NET release."),
            new("brotli", null, "MIT", "pkg:github/google/brotli",
                "Part of .NET's System.IO.Compression, linked in; its version is that of the .NET release."),
            new("libunwind", null, "Apache-2.0 WITH LLVM-exception", "pkg:github/llvm/llvm-project",
                "Part of the .NET runtime, linked in; its version is that of the .NET release."),
            new("openssl", null, "Apache-2.0", "pkg:deb/debian/openssl", "libssl.so.3 of the system, for TLS, signatures and hashes.",
                IsLoaded: true),
            new("libjpeg-turbo", null, "IJG AND BSD-3-Clause AND Zlib", "pkg:deb/debian/libjpeg-turbo", "libturbojpeg.so.0 of the system, for JPEG.",
                IsLoaded: true),
            new("onnxruntime", null, "MIT", "pkg:nuget/Microsoft.ML.OnnxRuntime",
                "libonnxruntime.so.1 beside the program or of the system, for --engine onnxruntime alone.", IsLoaded: true),
        ]);
        return parts;

        NativePart Runtime(string name, string how) => new(name, version, "MIT", $"pkg:nuget/{name}@{version}", how);
    }
}
