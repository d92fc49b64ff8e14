using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Data;

/// <summary>A folder of its own that goes with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("resnetedge-test-").FullName;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Full path of something in the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, and the folders above it; returns its full path.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = this[name];
        _ = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Checks the packages that the test leaves (<see cref="WrittenPackages"/>), and deletes all.</summary>
    public void Dispose()
    {
        try
        {
            WrittenPackages.Check(Path);
        }
        finally
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
