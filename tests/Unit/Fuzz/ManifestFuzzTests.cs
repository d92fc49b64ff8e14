using System.Text;
using System.Text.Json.Nodes;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Unit.Runtime.Packages;

namespace ResNetEdge.Tests.Unit.Fuzz;

/// <summary>
/// Damaged manifests: any value becomes another, goes, or stands twice. Each is read, or refused as bad input. RESNETEDGE_FUZZ=N tries N.
/// </summary>
public class ManifestFuzzTests
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2147483648", "1e300", "-0.5", "\"\"", "\"a/../b\"", "\"int8\"", "\"NCHW\"", "\"\\u0000\"", "[]", "[null]",
        "[[1]]", "{}", "{\"a\":null}",
    ];

    [Fact]
    public void A_damaged_manifest_is_read_or_refused()
    {
        using var sample = new SamplePackage();
        PackageWriter.Write(Path.Combine(sample.Folder, "package"), SamplePackage.Ladder());
        string whole = File.ReadAllText(Path.Combine(sample.Folder, "package", "manifest.json"));
        int count = FuzzSettings.Count(4000), read = 0;
        for (int seed = 0; seed < count; seed++)
        {
            byte[] damaged = Damage(whole, new Random(seed));
            try
            {
                _ = ManifestJson.Read(damaged, "package");
                read++;
            }
            catch (EdgeException e)
            {
                Assert.Equal(FailureKind.BadInput, e.Kind);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}\n{Encoding.UTF8.GetString(damaged)}");
            }
        }

        Assert.InRange(read, 1, count - 1);
    }

    private static byte[] Damage(string whole, Random random)
    {
        var root = JsonNode.Parse(whole)!;
        for (int i = random.Next(1, 4); i > 0; i--) Change(root, random);
        byte[] bytes = Encoding.UTF8.GetBytes(root.ToJsonString());
        if (random.Next(5) == 0) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    /// <summary>Walks down to some value and puts another in its place, takes it out, or adds one beside it.</summary>
    private static void Change(JsonNode node, Random random)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } parent:
                string key = parent.ElementAt(random.Next(parent.Count)).Key;
                if (parent[key] is JsonObject or JsonArray && random.Next(3) > 0) Change(parent[key]!, random);
                else if (random.Next(5) == 0) parent.Remove(key);
                else parent[key] = Value(random);
                break;
            case JsonArray list:
                int at = random.Next(list.Count + 1);
                if (at == list.Count || random.Next(4) == 0) list.Insert(at, Value(random));
                else if (list[at] is JsonObject or JsonArray && random.Next(2) == 0) Change(list[at]!, random);
                else list[at] = Value(random);
                break;
            default:
                break;
        }
    }

    private static JsonNode? Value(Random random) => JsonNode.Parse(Values[random.Next(Values.Length)]);
}
