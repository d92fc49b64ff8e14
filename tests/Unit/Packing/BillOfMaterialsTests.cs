using System.Text.Json;
using System.Xml.Linq;
using ResNetEdge.Sbom;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Packing;

/// <summary>The bill of materials names what a program is linked with, and nothing that only builds it.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private const string Lock = """
        {
          "version": 2,
          "dependencies": {
            "net10.0": {
              "Microsoft.DotNet.ILCompiler": { "type": "Direct", "resolved": "10.0.99", "contentHash": "YQ==" },
              "Microsoft.NET.ILLink.Tasks": { "type": "Direct", "resolved": "10.0.98", "contentHash": "Yg==" },
              "Spectre.Console": { "type": "Direct", "resolved": "0.5.0", "contentHash": "Yw==", "dependencies": { "Spectre.Console.Ansi": "0.5.0" } },
              "Spectre.Console.Ansi": { "type": "Transitive", "resolved": "0.5.0", "contentHash": "ZA==" },
              "resnetedge.device": { "type": "Project" }
            },
            "net10.0/linux-x64": {
              "runtime.linux-x64.Microsoft.DotNet.ILCompiler": { "type": "Transitive", "resolved": "10.0.99", "contentHash": "ZQ==" }
            }
          }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_holds_packages_runtime_and_native_parts_with_versions_and_licenses()
    {
        var bill = JsonDocument.Parse(Bill(Program("resnetedge-export"))).RootElement;
        Assert.Equal(("CycloneDX", "1.6", 1), (Text(bill, "bomFormat"), Text(bill, "specVersion"), bill.GetProperty("version").GetInt32()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", Text(bill, "serialNumber"));
        var metadata = bill.GetProperty("metadata");
        Assert.Equal("2026-01-02T03:04:05Z", Text(metadata, "timestamp"));
        Assert.Equal(
            ("resnetedge-export", "9.9.9"), (Text(metadata.GetProperty("component"), "name"), Text(metadata.GetProperty("component"), "version")));
        Assert.Equal(
            "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
            Text(metadata.GetProperty("component").GetProperty("hashes")[0], "content"));

        var components = bill.GetProperty("components").EnumerateArray().ToDictionary(c => Text(c, "name")!);
        Assert.Equal("pkg:nuget/Spectre.Console@0.5.0", Text(components["Spectre.Console"], "purl"));
        Assert.Equal("MIT", Text(components["Spectre.Console"].GetProperty("licenses")[0].GetProperty("license"), "id"));
        Assert.Equal("10.0.99", Text(components["Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64"], "version"));
        Assert.Equal(("required", "optional"), (Text(components["zlib-ng"], "scope"), Text(components["openssl"], "scope")));
        Assert.DoesNotContain(components.Keys, name => name.Contains("ILCompiler", StringComparison.Ordinal)
            || name.Contains("ILLink", StringComparison.Ordinal) || name.Contains("AspNetCore", StringComparison.Ordinal));

        var references = components.Values.Append(metadata.GetProperty("component")).Select(c => Text(c, "bom-ref")).ToHashSet();
        Assert.All(bill.GetProperty("dependencies").EnumerateArray(), d =>
        {
            Assert.Contains(Text(d, "ref"), references);
            Assert.All(d.GetProperty("dependsOn").EnumerateArray(), to => Assert.Contains(to.GetString(), references));
        });
    }

    [Fact]
    public void The_same_programs_make_the_same_bytes_and_another_program_another_number()
    {
        string first = Bill(Program("resnetedge"));
        Assert.Equal(first, Bill(Program("resnetedge")));
        Assert.NotEqual(Number(first), Number(Bill(Program("resnetedge-service"))));
        Assert.Contains("Microsoft.AspNetCore.App.Runtime.linux-x64", Bill(Program("resnetedge-service")), StringComparison.Ordinal);

        static string? Number(string bill) => Text(JsonDocument.Parse(bill).RootElement, "serialNumber");
    }

    [Fact]
    public void A_package_of_several_programs_names_each_with_what_it_needs()
    {
        var bill = JsonDocument.Parse(Bill(Program("resnetedge"), Program("resnetedge-service"))).RootElement;
        Assert.Equal(2, bill.GetProperty("components").EnumerateArray().Count(c => Text(c, "type") == "application"));
        string? root = Text(bill.GetProperty("metadata").GetProperty("component"), "bom-ref");
        var needed = bill.GetProperty("dependencies").EnumerateArray().Single(d => Text(d, "ref") == root).GetProperty("dependsOn")
            .EnumerateArray().Select(d => d.GetString());
        Assert.Equal(["resnetedge-service@9.9.9", "resnetedge@9.9.9"], needed);
    }

    [Theory]
    [InlineData("{\"version\":2,\"dependencies\":{\"net10.0\":{}}}", "so it was not written by a publish")]
    [InlineData("[]", "is not a NuGet lock file")]
    [InlineData("<html>", "is not a NuGet lock file")]
    public void What_is_not_a_lock_file_of_a_publish_is_refused(string text, string words)
    {
        File.WriteAllText(_folder["bad"], text);
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => LockedPackages.Read(_folder["bad"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runtime/Cli")]
    [InlineData("runtime/Daemon")]
    [InlineData("exporter")]
    public void The_license_of_every_package_that_a_program_ships_is_known(string project)
    {
        using var json = JsonDocument.Parse(House.OnDisk.Files[$"{project}/packages.lock.json"]);
        var shipped = from package in json.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
                      where package.Value.TryGetProperty("contentHash", out _) && package.Name != "Microsoft.NET.ILLink.Tasks"
                      where !LockedPackages.IsExcluded(package.Name)
                      select package.Name;
        Assert.NotEmpty(shipped);
        Assert.All(shipped, name => Assert.Contains(name, BillOfMaterials.Licenses.Keys));
    }

    [Theory]
    [InlineData("runtime/Service/ResNetEdge.Service.csproj")]
    [InlineData("runtime/Daemon/resnetedge-service.csproj")]
    public void What_the_bill_leaves_out_is_kept_from_the_compiler_and_the_linker(string project)
    {
        var excluded = XDocument.Parse(House.OnDisk.Files[project]).Descendants("PackageReference")
            .Where(r => (string?)r.Attribute("ExcludeAssets") == "all").Select(r => (string?)r.Attribute("Include"));
        Assert.Equal(["System.Drawing.Common", "System.IO.Ports", "System.Management", "UnitsNet"], excluded);
    }

    private static string Bill(params PackedProgram[] programs) =>
        BillOfMaterials.Of("resnetedge", "9.9.9", "linux-x64", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), programs);

    private PackedProgram Program(string name) =>
        new(name, LockedPackages.Read(_folder.Write("lock", System.Text.Encoding.UTF8.GetBytes(Lock))), _folder.Write(name, "hello world"u8));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
