using System.Diagnostics;
using System.Runtime.InteropServices;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>
/// The programs as they ship, in <c>dist/linux-x64/</c> or <c>dist/linux-arm64/</c>: Native AOT, where <c>IsSupported</c> is a constant and
/// reflection is gone. What passes on the JIT is not thereby tested. Tests that need a program skip, with the reason, where it has not been built.
/// </summary>
internal sealed class BuiltProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5); // a hang fails the test instead of the whole run

    private readonly string _path;

    private BuiltProgram(string path) => _path = path;

    /// <summary>What one call gave.</summary>
    public sealed record Result(int Code, string Output, string Error);

    /// <summary>The publish profile whose programs run on this machine.</summary>
    public static string Profile { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>Where its programs are, below the root.</summary>
    public static string Folder { get; } = $"dist/{Profile}";

    /// <summary>The repository's root: the folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program, or a skipped test.</summary>
    /// <param name="name">Of the file.</param>
    public static BuiltProgram OrSkip(string name)
    {
        string path = Path.Combine(Root, Folder, name);
        Skip.IfNot(File.Exists(path), $"{Folder}/{name} is not built; ./build.sh builds it");
        return new BuiltProgram(path);
    }

    /// <summary>Whether ONNX Runtime's library lies beside the programs or is named by the environment.</summary>
    public static void SkipWithoutOnnxRuntime() => Skip.IfNot(
        File.Exists(Path.Combine(Root, Folder, "libonnxruntime.so.1")) || Environment.GetEnvironmentVariable("RESNETEDGE_ORT") != null,
        "ONNX Runtime's library is not here; ./build.sh fetches it");

    /// <summary>Bytes of the program file.</summary>
    public long Size => new FileInfo(_path).Length;

    /// <summary>Runs the program and waits for its end.</summary>
    public Result Run(params string[] words) => Run(new Dictionary<string, string?>(), words);

    /// <summary>Runs the program with environment variables set (or, null, unset).</summary>
    public Result Run(IReadOnlyDictionary<string, string?> environment, params string[] words)
    {
        var start = new ProcessStartInfo(_path, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Root,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Path.GetFileName(_path)} {string.Join(' ', words)} did not end within {Limit}");
        }

        return new Result(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ResNetEdge.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"no ResNetEdge.sln above {AppContext.BaseDirectory}");
    }
}
