using System.Diagnostics;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Data;

/// <summary>Debian's own Python, where the field's reference tools live (numpy, the ONNX checker): what we write must satisfy them.</summary>
internal static class Debian
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>
    /// Runs a script and returns what it printed; skips the test, with the reason, where Python or a module that the script imports is missing.
    /// </summary>
    public static string Python(string folder, string script, params string[] arguments)
    {
        Skip.IfNot(File.Exists(Interpreter), $"{Interpreter} is missing");
        using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", script, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Skip.If(errors.Result.Contains("ModuleNotFoundError", StringComparison.Ordinal), errors.Result.Split('\n').LastOrDefault(l => l.Length > 0));
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
