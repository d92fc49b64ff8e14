using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The fake CUDA driver as a native library, published once for all tests of a class.</summary>
public sealed class FakeCudaLibrary : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<string> _path;

    public FakeCudaLibrary() => _path = new(Publish);

    public void Dispose() => _folder.Dispose();

    /// <summary>The environment in which a program finds the library.</summary>
    /// <param name="settings">As <c>FakeCudaSettings</c> reads them.</param>
    internal Dictionary<string, string?> Environment(string settings = "") =>
        new() { ["RESNETEDGE_CUDA"] = _path.Value, ["FAKE_CUDA"] = settings };

    private string Publish()
    {
        Skip.IfNot(File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"), "Native AOT needs gcc or clang to link, and neither is installed");
        string project = Path.Combine(BuiltProgram.Root, "tests/Fakes/Cuda/Library");
        DotNet.Run(BuiltProgram.Root, "publish", project, "--use-current-runtime", "--output", _folder["out"], "--property:CI=false");
        return _folder["out/libcuda.so"];
    }
}
