using System.Diagnostics;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Data;

/// <summary>Prometheus' own client in the system's Python: the reference for what its text means.</summary>
internal static class PythonClient
{
    private const string Python = "/usr/bin/python3";
    private static readonly Lazy<bool> Found = new(() => File.Exists(Python) && Start("import prometheus_client", Path.GetTempPath()).Code == 0);

    /// <summary>Whether it is installed.</summary>
    public static bool IsThere => Found.Value;

    /// <summary>Runs a script in a folder; fails the test when it fails.</summary>
    public static void Run(string folder, string script)
    {
        var (code, errors) = Start(script, folder);
        Assert.True(code == 0, errors);
    }

    private static (int Code, string Errors) Start(string script, string folder)
    {
        using var python = Process.Start(
            new ProcessStartInfo(Python, "-") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true })!;
        python.StandardInput.Write(script);
        python.StandardInput.Close();
        string errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, errors);
    }
}
