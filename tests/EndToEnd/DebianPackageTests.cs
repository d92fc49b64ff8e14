using System.Diagnostics;
using System.Security.Cryptography;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The Debian packages as they ship, made from the programs in <c>dist/</c>. That they install and run: tests/Vm.</summary>
public class DebianPackageTests
{
    private static readonly string[] Programs = ["resnetedge", "resnetedge-service", "resnetedge-export"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5); // a bound on a hang, for a busy machine too

    [SkippableFact]
    public void The_same_programs_pack_to_the_same_bytes_and_lintian_finds_nothing()
    {
        Skip.IfNot(File.Exists("/usr/bin/dpkg-deb"), "dpkg-deb is not installed: Debian packages are made on Debian");
        foreach (string name in Programs) _ = BuiltProgram.OrSkip(name);
        var first = Pack();
        Assert.Equal(Programs.Length, first.Count);
        Assert.Equal(first, Pack());

        Assert.All(first.Keys, path =>
        {
            string listing = Run("dpkg-deb", "-c", path);
            Assert.All(listing.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.Matches(@"^[-d]rw[-x]r-[-x]r-[-x] root/root +\d+ \S+ \S+ \./(?:usr/|etc/)?", line));
            Assert.DoesNotContain("libonnxruntime", listing, StringComparison.Ordinal); // it, and its GPU providers, lie beside the programs
            string name = Path.GetFileName(path).Split('_')[0];
            Assert.Contains($"./usr/share/man/man1/{name}.1.gz", listing, StringComparison.Ordinal);
            Assert.Contains($"./usr/share/doc/{name}/sbom.cdx.json", listing, StringComparison.Ordinal);
        });

        Skip.IfNot(File.Exists("/usr/bin/lintian"), "lintian is not installed");
        Run("lintian", ["--fail-on", "error,warning", "--allow-root", .. first.Keys]);
    }

    /// <summary>Packs, and gives the SHA-256 of each package by its path.</summary>
    private static Dictionary<string, string> Pack()
    {
        string output = Run("publish-profiles/debian/package.sh", "deb", BuiltProgram.Profile);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Path.Combine(BuiltProgram.Root, line.Trim().Split(' ')[0]))
            .ToDictionary(path => path, path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
    }

    /// <summary>Runs a program to exit code 0 and gives what it printed.</summary>
    private static string Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program.Contains('/') ? Path.Combine(BuiltProgram.Root, program) : program, words)
        {
            WorkingDirectory = BuiltProgram.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} still ran after {Patience}");
        }

        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', words)}: exit {process.ExitCode}: {output.GetAwaiter().GetResult()}{error.GetAwaiter().GetResult()}");
        return output.GetAwaiter().GetResult();
    }
}
