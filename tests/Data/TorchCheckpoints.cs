using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ResNetEdge.CommandLine;
using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Data;

/// <summary>What torch_checkpoints.py writes, in a temporary folder, made once for all tests that ask for it.</summary>
public sealed class TorchCheckpoints : IDisposable
{
    private const string Python = "/usr/bin/python3"; // Debian's python3-torch belongs to this one

    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-torch-").FullName;
    private readonly string? _missing;

    public TorchCheckpoints()
    {
        if (Run("-c", "import torch, numpy") is { } missing) _missing = $"no {Python} with torch and numpy: {missing}";
        else if (Run(Path.Combine(House.Root, "tests/Data/torch_checkpoints.py"), _folder) is { } error) throw new InvalidOperationException(error);
    }

    /// <summary>A file of the folder; skips the test when there is no torch.</summary>
    public string File(string name)
    {
        Skip.If(_missing is not null, _missing);
        return Path.Combine(_folder, name);
    }

    /// <summary>A raw little-endian float32 file of the folder.</summary>
    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(System.IO.File.ReadAllBytes(File(name))).ToArray();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Null when it went well, else the last line that it complained with.
    private static string? Run(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.TrimEnd().Split('\n')[^1];
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}
