using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ResNetEdge.Tests.Unit.Runtime.KernelGenerator;

/// <summary>LLVM's disassembler, which knows nothing of ours.</summary>
internal static partial class Arm64Disassembler
{
    private static readonly string? Program = new[] { "llvm-mc-19", "llvm-mc" }.Select(name => $"/usr/bin/{name}").FirstOrDefault(File.Exists);

    /// <summary>Why it cannot be used; null when it can.</summary>
    public static string? Missing => Program is null ? "llvm-mc is not installed (Debian: llvm)" : null;

    /// <summary>One text for each word.</summary>
    public static string[] Read(IReadOnlyList<uint> words)
    {
        var start = new ProcessStartInfo(Program!, ["--disassemble", "-triple=aarch64", "-mattr=+fullfp16,+dotprod"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (uint word in words)
            process.StandardInput.WriteLine($"0x{word & 0xFF:x2} 0x{word >> 8 & 0xFF:x2} 0x{word >> 16 & 0xFF:x2} 0x{word >> 24:x2}");
        process.StandardInput.Close();
        string text = output.Result;
        process.WaitForExit();
        return [.. text.Split('\n').Where(line => line.StartsWith('\t') && !line.StartsWith("\t.", StringComparison.Ordinal)).Select(Plain)];
    }

    /// <summary>Without comments and differences of spacing.</summary>
    public static string Plain(string text) => Space().Replace(text.Split("//")[0].Trim(), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
