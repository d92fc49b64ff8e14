using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.KernelGenerator;
using ResNetEdge.KernelGenerator.Arm64;
using ResNetEdge.KernelGenerator.Functions;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class GeneratedCodeTests
{
    private const string Path = "runtime/Core/Backends/Cpu/Emit/ConvAvx512.g.cs";

    [Fact]
    public void The_committed_code_is_what_the_generator_writes()
    {
        AssertSame(Path, SourceWriter.Write(new CodeSet()));
        AssertSame("runtime/Core/Backends/Cpu/Emit/FunctionsAvx512.g.cs", FunctionSet.Write());
        AssertSame($"runtime/Core/Backends/Cpu/Emit/{Arm64Source.FileName}", Arm64Source.Write(new Arm64CodeSet()));
    }

    private static void AssertSame(string path, string written)
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(root, "ResNetEdge.sln")))
            root = System.IO.Path.GetDirectoryName(root) ?? throw new InvalidOperationException("no ResNetEdge.sln above the tests");
        string committed = File.ReadAllText(System.IO.Path.Combine(root, path));
        Assert.True(committed == written, $"{path} is out of date; its head says how to regenerate it");
    }

    [Fact]
    public void The_code_stays_below_170_KB() => Assert.InRange(new CodeSet().Code.Length, 1, 170_000);
}
