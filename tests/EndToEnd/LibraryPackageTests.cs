using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Onnx;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The NuGet packages as a user takes them: packed, then referred to and installed outside the repository.</summary>
public class LibraryPackageTests
{
    private const string Network = "cifar_resnet20";

    [SkippableFact]
    public void A_fresh_project_with_the_runtime_s_package_compiles_the_readme_s_example_to_native_code_and_it_gives_the_right_answer()
    {
        Skip.IfNot(File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"), "Native AOT needs gcc or clang to link, and neither is installed");
        using var folder = new TempFolder();
        using var packages = PackedPackages.Pack("device", "runtime/Core");
        packages.WriteConfiguration(folder);
        string readme = File.ReadAllText(Path.Combine(BuiltProgram.Root, "runtime/Core/PACKAGE.md"));
        File.WriteAllText(folder["Program.cs"], Example(readme, "csharp"));
        // The readme's property is for x86-64.
        string property = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Example(readme, "xml") : "";
        File.WriteAllText(folder["Consumer.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <PublishAot>true</PublishAot>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                {property}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ResNetEdge.Runtime" Version="{BuildInfo.Version}" />
              </ItemGroup>
            </Project>
            """);
        DotNet.Run(folder.Path, "publish", "--use-current-runtime", "--output", "published");

        var graph = SeededNetworks.Int8(Network);
        using (var file = File.Create(folder["model.onnx"])) OnnxWriter.Write(graph, file);
        var random = new Random(1);
        float[] input = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => random.NextSingle() * 2 - 1)];
        folder.Write("input", MemoryMarshal.AsBytes(input.AsSpan()));

        using var session = Session.Create(graph);
        var expected = new float[session.Outputs[0].Shape.ElementCount];
        session.Run(input, expected);
        Assert.Equal(10, expected.Distinct().Count());
        string answer = DotNet.RunProgram(folder["published/Consumer"], folder.Path, "model.onnx", "input");
        Assert.Equal(string.Join(' ', expected), answer.Trim());
    }

    [Theory]
    [InlineData("exporter", "resnetedge-export", "residual_adds\":6", "inspect", "exporter/Demo/fashion-resnet14.safetensors", "--json")]
    [InlineData("runtime/Cli", "resnetedge", "kernel_tiers", "doctor", "--json")]
    public void A_tool_installs_and_runs(string project, string name, string expected, params string[] words)
    {
        using var folder = new TempFolder();
        using var packages = PackedPackages.Pack(project);
        string configuration = packages.WriteConfiguration(folder);
        DotNet.Run(folder.Path, "tool", "install", name, "--tool-path", "tools", "--configfile", configuration);

        string tool = folder[$"tools/{name}"];
        Assert.Contains(BuildInfo.Version, DotNet.RunProgram(tool, folder.Path, "--version"), StringComparison.Ordinal);
        Assert.Contains(expected, DotNet.RunProgram(tool, BuiltProgram.Root, words), StringComparison.Ordinal);
    }

    /// <summary>The one code block of that language.</summary>
    private static string Example(string readme, string language) =>
        Assert.Single(Regex.Matches(readme, $"^```{language}\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)).Groups[1].Value;
}
