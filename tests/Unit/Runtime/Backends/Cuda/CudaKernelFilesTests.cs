using System.Diagnostics;
using System.IO.Compression;
using ResNetEdge.Backends.Cuda;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>The PTX that is checked in is what the sources beside it give.</summary>
public sealed class CudaKernelFilesTests : IDisposable
{
    private const string Clang = "/usr/bin/clang-14";

    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void The_kernels_made_again_are_those_that_are_checked_in()
    {
        Skip.IfNot(File.Exists(Clang), "clang-14 is not installed (Debian's package clang-14)");
        string script = Path.Combine(House.Root, "runtime/Core/Backends/Cuda/Kernels/build.sh");
        var start = new ProcessStartInfo("/bin/sh", [script]) { RedirectStandardError = true };
        start.Environment["OUT"] = _folder;
        start.Environment["CLANG"] = Clang;
        start.Environment.Remove("PTXAS");
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, error));
        foreach (int target in CudaKernels.Targets)
        {
            using var packed = File.OpenRead(Path.Combine(_folder, $"kernels.sm_{target}.ptx.gz"));
            using var made = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
            Assert.Equal(CudaKernels.Part(target), made.ReadToEnd());
        }
    }
}
