using System.Xml.Linq;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>NuGet packages of this repository's projects in a folder of their own, which goes with the test.</summary>
internal sealed class PackedPackages : IDisposable
{
    private readonly TempFolder _folder = new();

    private PackedPackages()
    {
    }

    /// <summary>Packs what the test run was built from.</summary>
    public static PackedPackages Pack(params string[] projects)
    {
        var packages = new PackedPackages();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name; // tests/bin/CONFIGURATION/net10.0
        foreach (string project in projects)
            DotNet.Run(BuiltProgram.Root, "pack", project, "--no-build", "--configuration", configuration, "--output", packages._folder.Path);
        return packages;
    }

    /// <summary>
    /// Cuts a folder off from the repository and from this machine's other folders, and lets it restore these packages beside the
    /// sources that the machine knows. Restored packages stay in the folder: the version would otherwise be taken, another time, from
    /// the machine's packages folder, which here only serves.
    /// </summary>
    /// <returns>The nuget.config.</returns>
    public string WriteConfiguration(TempFolder folder)
    {
        foreach (string name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            File.WriteAllText(folder[name], "<Project />");
        string machine = DotNet.Run(folder.Path, "nuget", "locals", "global-packages", "--list").Split(": ", 2)[1].Trim();
        var configuration = new XElement("configuration",
            new XElement("config", Setting("globalPackagesFolder", folder["packages"])),
            new XElement("fallbackPackageFolders", Setting("machine", machine)),
            new XElement("packageSources", Setting("packed", _folder.Path)));
        configuration.Save(folder["nuget.config"]);
        return folder["nuget.config"];
    }

    public void Dispose() => _folder.Dispose();

    private static XElement Setting(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
}
