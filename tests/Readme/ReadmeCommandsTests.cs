using System.Diagnostics;
using ResNetEdge.CommandLine;
using ResNetEdge.Tests.EndToEnd;
using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>The commands of the README and of docs/commands.md are run, on the published programs.</summary>
public class ReadmeCommandsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public void Demo_runs_to_its_end()
    {
        NeedsDist();
        string output = Run("./build.sh demo", House.Root);
        Assert.Contains("resnetedge verify", output, StringComparison.Ordinal);
        Assert.Contains("resnetedge bench", output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("README.md")]
    [InlineData("docs/commands.md")]
    public void Program_commands_run_in_the_order_of_the_document(string document)
    {
        NeedsDist();
        var commands = ReadmeText.Of(document).ProgramCommands.ToList();
        Assert.NotEmpty(commands);

        // The commands see the repository's folders and write beside them, not into them.
        var folder = Directory.CreateTempSubdirectory("resnetedge-readme-");
        try
        {
            foreach (string name in new[] { "dist", "exporter", "publish-profiles" })
                File.CreateSymbolicLink(Path.Combine(folder.FullName, name), Path.Combine(House.Root, name));
            // The documents are written for x86-64.
            foreach (string command in commands)
                Run(command.Replace("dist/linux-x64/", $"{BuiltProgram.Folder}/", StringComparison.Ordinal), folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void NeedsDist()
    {
        foreach (string name in new[] { "resnetedge", "resnetedge-service", "resnetedge-export" }) _ = BuiltProgram.OrSkip(name);
    }

    /// <summary>Runs a shell command to exit code 0 and gives what it printed.</summary>
    private static string Run(string command, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command + " 2>&1"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{command}' still ran after {Patience}");
        }

        Assert.True(process.ExitCode == 0, $"'{command}' ended with exit code {process.ExitCode}:\n{output.Result}");
        return output.Result;
    }
}
