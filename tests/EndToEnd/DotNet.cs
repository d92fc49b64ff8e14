using System.Diagnostics;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The .NET SDK as a program, and programs that need the runtime that this test runs on.</summary>
internal static class DotNet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10); // a hang fails the test instead of the whole run

    /// <summary>Where the .NET that runs this is installed; its own files are in shared/Microsoft.NETCore.App/VERSION.</summary>
    private static readonly string Installation =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    /// <summary>Runs <c>dotnet</c> to exit code 0 and gives what it printed.</summary>
    public static string Run(string folder, params string[] words) => RunProgram(Path.Combine(Installation, "dotnet"), folder, words);

    /// <summary>Runs a program to exit code 0 and gives what it printed.</summary>
    public static string RunProgram(string program, string folder, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = Installation;
        // Its words are read here: English, and no libicu, as in publish-profiles/lib.sh.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment.Remove("DOTNET_CLI_UI_LANGUAGE");
        start.Environment["DOTNET_NOLOGO"] = "1";
        // What the test host's own SDK left in the environment is not for another build; a node that outlives its build would hold the pipes.
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildExtensionsPath");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', words)} did not end within {Limit}");
        }

        string text = output.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)}: exit {process.ExitCode}\n{text}{error.GetAwaiter().GetResult()}");
        return text;
    }
}
