using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ResNetEdge.Sbom;

/// <summary>What packed programs are made of, as CycloneDX 1.6. The same programs give the same bytes.</summary>
/// <remarks>Source: https://cyclonedx.org/docs/1.6/json.</remarks>
internal static class BillOfMaterials
{
    /// <summary>Licenses of the packages that programs are linked with, SPDX; a package that is not here is not shipped.</summary>
    public static IReadOnlyDictionary<string, string> Licenses { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Google.Protobuf"] = "BSD-3-Clause",
        ["Iot.Device.Bindings"] = "MIT",
        ["Microsoft.Extensions.DependencyInjection.Abstractions"] = "MIT",
        ["Microsoft.Extensions.Logging.Abstractions"] = "MIT",
        ["Spectre.Console"] = "MIT",
        ["Spectre.Console.Ansi"] = "MIT",
        ["System.Device.Gpio"] = "MIT",
        ["YamlDotNet"] = "MIT",
    };

    private const string OwnLicense = "MIT";
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the bill.</summary>
    /// <param name="name">Of the package; of one program where it holds one.</param>
    /// <param name="version">Of the package.</param>
    /// <param name="profile"><c>linux-x64</c> or <c>linux-arm64</c>.</param>
    /// <param name="time">Of the commit, not of the packing.</param>
    /// <param name="programs">In it.</param>
    /// <exception cref="InvalidDataException">A package whose license is not known here.</exception>
    /// <exception cref="IOException">A program cannot be read.</exception>
    public static string Of(string name, string version, string profile, DateTimeOffset time, IReadOnlyList<PackedProgram> programs)
    {
        var components = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var needs = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var program in programs) Add(program, version, profile, components, needs);
        string root = programs.Count == 1 ? Reference(programs[0].Name, version) : Reference($"{name} (package)", version);
        var subject = programs.Count == 1 ? components[root] : Application(root, name, version);
        if (programs.Count == 1) components.Remove(root);
        else needs[root] = [.. programs.Select(p => Reference(p.Name, version))];

        var bill = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["component"] = subject,
                ["properties"] = Properties(("resnetedge:profile", profile)),
            },
            ["components"] = new JsonArray([.. components.Values]),
            ["dependencies"] = new JsonArray([.. needs.Select(
                n => new JsonObject { ["ref"] = n.Key, ["dependsOn"] = new JsonArray([.. n.Value.Select(v => JsonValue.Create(v))]) })]),
        };
        bill.Insert(3, "serialNumber", SerialNumber(bill.ToJsonString()));
        return bill.ToJsonString(Readable) + "\n";
    }

    private static void Add(
        PackedProgram program, string version, string profile, SortedDictionary<string, JsonObject> components,
        SortedDictionary<string, SortedSet<string>> needs)
    {
        string self = Reference(program.Name, version);
        var application = Application(self, program.Name, version);
        application["hashes"] = new JsonArray(
            new JsonObject { ["alg"] = "SHA-256", ["content"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(program.Binary))) });
        components[self] = application;
        var own = needs[self] = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var package in program.Packages.LinkedIn)
        {
            if (!Licenses.TryGetValue(package.Name, out string? license))
                throw new InvalidDataException($"the license of {package.Name} is not in BillOfMaterials.cs: look it up and add it");
            var component = Library(package.Purl, package.Name, package.Version, license, package.Purl);
            component["properties"] = Properties(("nuget:contentHash", package.ContentHash));
            components[package.Purl] = component;
            own.Add(package.Purl);
            needs[package.Purl] = [.. program.Packages.LinkedIn.Where(p => package.Dependencies.Contains(p.Name)).Select(p => p.Purl)];
        }

        foreach (var part in NativePart.Of(program, profile))
        {
            string reference = part.Purl ?? part.Name;
            var component = Library(reference, part.Name, part.Version, part.License, part.Purl);
            component["scope"] = part.IsLoaded ? "optional" : "required";
            component["description"] = part.How;
            components[reference] = component;
            own.Add(reference);
            needs.TryAdd(reference, []);
        }
    }

    private static string Reference(string name, string version) => $"{name}@{version}";

    private static JsonObject Application(string reference, string name, string version) => new()
    {
        ["type"] = "application",
        ["bom-ref"] = reference,
        ["name"] = name,
        ["version"] = version,
        ["licenses"] = License(OwnLicense),
    };

    private static JsonObject Library(string reference, string name, string? version, string license, string? purl)
    {
        var made = new JsonObject { ["type"] = "library", ["bom-ref"] = reference, ["name"] = name };
        if (version is not null) made["version"] = version;
        made["licenses"] = License(license);
        if (purl is not null) made["purl"] = purl;
        return made;
    }

    // One license is named by its identifier, several by an expression.
    private static JsonArray License(string spdx) => new(spdx.Contains(' ', StringComparison.Ordinal)
        ? new JsonObject { ["expression"] = spdx } : new JsonObject { ["license"] = new JsonObject { ["id"] = spdx } });

    private static JsonArray Properties(params (string Name, string Value)[] properties) =>
        new([.. properties.Select(p => new JsonObject { ["name"] = p.Name, ["value"] = p.Value })]);

    // Of the content, so that packing again gives the same; version 8 of RFC 9562 is for such.
    private static string SerialNumber(string content)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(content))[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(hash, bigEndian: true)}";
    }
}
