using System.Text.Json;

namespace ResNetEdge.Sbom;

/// <summary>What publishing a program resolved: <c>obj/packages.lock.json</c>, which has the compiler too.</summary>
/// <param name="LinkedIn">Packages whose code is in the program.</param>
/// <param name="CompilerVersion">Of Native AOT, and of the runtime that comes with it.</param>
internal sealed record LockedPackages(IReadOnlyList<LockedPackage> LinkedIn, string CompilerVersion)
{
    private const string Compiler = "Microsoft.DotNet.ILCompiler", Analyzers = "Microsoft.NET.ILLink.Tasks";

    // Iot.Device.Bindings names these and the projects exclude them (ExcludeAssets), with what they need in turn: no file of them is there
    // to be linked.
    private static readonly string[] Excluded =
        ["Microsoft.Win32.SystemEvents", "System.CodeDom", "System.Drawing.Common", "System.IO.Ports", "System.Management", "UnitsNet"];

    /// <summary>Reads a lock file.</summary>
    /// <exception cref="IOException">It is missing.</exception>
    /// <exception cref="InvalidDataException">It is not one that publishing wrote.</exception>
    public static LockedPackages Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var all = json.RootElement.GetProperty("dependencies").EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(entry => entry.Value.TryGetProperty("contentHash", out _))
                .Select(entry => new LockedPackage(entry.Name, Text(entry.Value, "resolved"), Text(entry.Value, "contentHash"),
                    entry.Value.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(n => n.Name)] : []))
                .DistinctBy(package => package.Name)
                .ToList();
            var compiler = all.Find(p => p.Name == Compiler)
                ?? throw new InvalidDataException($"{path}: lacks {Compiler}, so it was not written by a publish");
            return new([.. all.Where(p => p.Name != Analyzers && !p.Name.EndsWith(Compiler, StringComparison.Ordinal) && !IsExcluded(p.Name))
                .OrderBy(p => p.Name, StringComparer.Ordinal)], compiler.Version);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: is not a NuGet lock file: {e.Message}", e);
        }
    }

    /// <summary>Whether a package that is resolved is kept from the compiler and the linker.</summary>
    public static bool IsExcluded(string name) => Excluded.Contains(name)
        || (name.StartsWith("runtime.", StringComparison.Ordinal) && name.EndsWith(".System.IO.Ports", StringComparison.Ordinal));

    private static string Text(JsonElement entry, string name) =>
        entry.GetProperty(name).GetString() ?? throw new InvalidDataException($"a package without '{name}'");
}
