using ResNetEdge.Benchmarks.Models.Families;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Packages;

namespace ResNetEdge.Benchmarks.Models;

/// <summary>
/// <c>models OUT_DIR [NAME...]</c>: writes the seeded networks as <c>NAME-fp32.onnx</c> and <c>NAME-int8.onnx</c>; without names all of them.
/// <c>families OUT_DIR [NAME...]</c>: the same for <see cref="FamilyTable"/>, in fp32.
/// </summary>
internal static class WriteModels
{
    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>The program's exit code.</returns>
    /// <exception cref="EdgeException">Exit 2: no folder or an unknown name. Exit 5: the folder cannot be written.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty) throw new EdgeException(FailureKind.Usage, "usage: models OUT_DIR [NAME...]");
        string folder = words[0];
        foreach (string name in words.Length > 1 ? words[1..].ToArray() : SeededNetworks.All.Keys)
        {
            Write(folder, $"{name}-fp32", SeededNetworks.Fp32(name));
            Write(folder, $"{name}-int8", SeededNetworks.Int8(name));
        }

        return (int)ExitCode.Done;
    }

    /// <summary>Runs the command for families.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>The program's exit code.</returns>
    /// <exception cref="EdgeException">As <see cref="Run"/>.</exception>
    public static int RunFamilies(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty) throw new EdgeException(FailureKind.Usage, "usage: families OUT_DIR [NAME...]");
        foreach (string name in words.Length > 1 ? words[1..].ToArray() : FamilyTable.All.Keys)
            Write(words[0], $"{name}-fp32", FamilyTable.Make(name));
        return (int)ExitCode.Done;
    }

    private static void Write(string folder, string name, Graph graph)
    {
        string path = Path.Combine(folder, name + ".onnx");
        var values = ShapeInference.Infer(graph);
        AtomicFile.Write(path, stream => OnnxWriter.Write(graph, stream, values));
        Console.WriteLine($"{path}  {new FileInfo(path).Length / (double)(1 << 20):F1} MiB");
    }
}
