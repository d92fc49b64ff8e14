using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

public class ManifestTests
{
    [Fact]
    public void What_is_written_fits_the_schema_and_is_read_back_equal()
    {
        byte[] json = Full();
        Assert.Empty(JsonSchemaSubset.Errors(Schema(), JsonDocument.Parse(json).RootElement));
        Assert.Equal(json, ManifestJson.Write(ManifestJson.Read(json, "p")));
    }

    [Fact]
    public void Every_property_of_the_schema_is_written()
    {
        Assert.Empty(Missing(Schema(), JsonDocument.Parse(Full()).RootElement, "$"));

        static IEnumerable<string> Missing(JsonElement schema, JsonElement value, string path)
        {
            if (schema.TryGetProperty("items", out var items)) return Missing(items, value[0], path + "[0]");
            if (!schema.TryGetProperty("properties", out var properties)) return [];
            return properties.EnumerateObject()
                .SelectMany(p => value.TryGetProperty(p.Name, out var child) ? Missing(p.Value, child, $"{path}.{p.Name}") : [$"{path}.{p.Name}"]);
        }
    }

    [Fact]
    public void Every_property_that_the_schema_requires_is_required_by_the_reader()
    {
        foreach (var name in Schema().GetProperty("required").EnumerateArray().Select(n => n.GetString()!))
            Assert.Contains(name, Refused(root => root.Remove(name)), StringComparison.Ordinal);
        Assert.Contains("filter", Refused(root => root["preprocess"]!["resize"]!.AsObject().Remove("filter")), StringComparison.Ordinal);
        Assert.Contains("sha256", Refused(root => root["files"]![0]!.AsObject().Remove("sha256")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("states name the unknown input 'c'", "h_out", "c")]
    [InlineData("states name input 'h' twice", "h_out", "h", "c_out", "h")]
    [InlineData("states name output 'h_out' twice", "h_out", "h", "h_out", "x")]
    [InlineData("input 'x' takes pictures and cannot be a state", "h_out", "x")]
    public void States_that_cannot_be_are_refused(string expected, params string[] names)
    {
        string message = Refused(root =>
        {
            var shape = new JsonArray(1, 2);
            root["inputs"]!.AsArray().Add(new JsonObject { ["name"] = "h", ["type"] = "float32", ["shape"] = shape, ["layout"] = null });
            var states = new JsonArray();
            foreach (string[] pair in names.Chunk(2)) states.Add(new JsonObject { ["output"] = pair[0], ["input"] = pair[1] });
            root["states"] = states;
        });
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_schema_version_is_refused_before_anything_else_is_read()
    {
        string message = Refused(root =>
        {
            root["schema_version"] = 2;
            root.Remove("inputs");
        });
        Assert.Contains("schema_version is 2, but this program reads 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_properties_are_skipped()
    {
        var root = Valid();
        root["later"] = "more";
        Assert.Equal("sample", ManifestJson.Read(Encoding.UTF8.GetBytes(root.ToJsonString()), "p").Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"schema_version\":1}")]
    [InlineData("{\"schema_version\":\"1\"}")]
    [InlineData("{\"schema_version\":1e99}")]
    public void Other_json_is_refused(string json) => Refused(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void Impossible_values_are_refused()
    {
        (string Expected, Action<JsonObject> Change)[] cases =
        [
            ("precision 'int4'", r => r["precision"] = "int4"),
            ("the task 'pose' is not known; known tasks: classification", r => r["task"] = "pose"),
            ("the task 'Classification' is not known", r => r["task"] = "Classification"),
            ("task", r => r["task"] = 1),
            ("a model_version of -1 is impossible", r => r["model_version"] = -1),
            ("a model_version of 9007199254740992 is impossible", r => r["model_version"] = 1L << 53),
            ("model_version", r => r["model_version"] = "2"),
            ("unknown type 'complex'", r => r["inputs"]![0]!["type"] = "complex"),
            ("impossible shape", r => r["inputs"]![0]!["shape"]![1] = -3),
            ("impossible layout", r => r["inputs"]![0]!["layout"] = "CHWN"),
            ("does not fit pictures", r => r["preprocess"]!["crop"]!["height"] = 5),
            ("is impossible", r => r["preprocess"]!["crop"]!["width"] = 1 << 20),
            ("resize mode 'tile'", r => r["preprocess"]!["resize"]!["mode"] = "tile"),
            ("has no size", r => r["preprocess"]!["resize"]!["mode"] = "exact"),
            ("before a crop", r => r["preprocess"]!["resize"]!["size"] = 3),
            ("divisor", r => r["preprocess"]!["divisor"] = 1),
            ("color order", r => r["preprocess"]!["color_order"] = "CMYK"),
            ("2 stds for 3 channels", r => r["preprocess"]!["std"]!.AsArray().RemoveAt(0)),
            ("not finite or 0", r => r["preprocess"]!["std"]![0] = 0),
            ("'../model.onnx' is not a valid file name", r => r["files"]![0]!["path"] = "../model.onnx"),
            ("listed twice", r => r["files"]![0]!["path"] = "labels.txt"),
            ("malformed", r => r["files"]![0]!["bytes"] = -1),
            ("malformed", r => r["files"]![0]!["sha256"] = "00"),
            ("'model.onnx' is not listed", r => r["files"]!.AsArray().RemoveAt(r["files"]!.AsArray().Count - 1)),
            ("labels file 'names.txt' is not listed", r => r["labels"] = "names.txt"),
            ("golden vectors", r => r["golden"]!["count"] = 1_000_000),
            ("null", r => r["name"] = null),
            ("ladder's file 'other.onnx' is not listed", r => r["ladder"]!["file"] = "other.onnx"),
            ("a ladder of 0 levels is impossible", r => r["ladder"]!["rungs"] = new JsonArray()),
            ("level 2 replaces nothing", r => r["ladder"]!["rungs"]![1]!["splices"] = new JsonArray()),
            ("level 2 replaces 'sum' twice", r => r["ladder"]!["rungs"]![1]!["splices"]![1]!["value"] = "sum"),
            ("level 1 replaces a value without a name", r => r["ladder"]!["rungs"]![0]!["splices"]![0]!["with"] = ""),
            ("golden max_rms_difference is -1", r => r["golden"]!["max_rms_difference"] = -1),
            ("level 1's max_abs_difference is -1", r => r["ladder"]!["rungs"]![0]!["max_abs_difference"] = -1),
            ("level 1 has -5 multiply-accumulates", r => r["ladder"]!["rungs"]![0]!["macs"] = -5),
        ];
        foreach (var (expected, change) in cases) Assert.Contains(expected, Refused(change), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_model_version_is_kept_and_may_be_missing()
    {
        var root = Valid();
        root.Remove("model_version");
        Assert.Null(ManifestJson.Read(Encoding.UTF8.GetBytes(root.ToJsonString()), "p").ModelVersion);
        root["model_version"] = Manifest.MaxModelVersion;
        Assert.Equal(Manifest.MaxModelVersion, ManifestJson.Read(Encoding.UTF8.GetBytes(root.ToJsonString()), "p").ModelVersion);
    }

    [Fact]
    public void A_task_may_be_named_and_is_not_written_when_it_is_not()
    {
        Assert.Equal("classification", ManifestJson.Read(Full(), "p").Task);
        Assert.Null(ManifestJson.Read(Encoding.UTF8.GetBytes(Valid().ToJsonString()), "p").Task);
        Assert.False(Valid().ContainsKey("task"));
    }

    [Fact]
    public void A_preprocessing_survives_the_manifest()
    {
        var spec = ManifestPreprocess.From(SamplePackage.Spec).ToSpec();
        Assert.Equal(SamplePackage.Spec with { Mean = spec.Mean, Std = spec.Std }, spec);
        Assert.Equal(SamplePackage.Spec.Mean, spec.Mean);
        Assert.Equal(SamplePackage.Spec.Std, spec.Std);
        foreach (var (mode, color) in Enum.GetValues<ResizeMode>().SelectMany(m => Enum.GetValues<ColorOrder>().Select(c => (m, c))))
        {
            var other = SamplePackage.Spec with { Resize = mode, ResizeSize = mode == ResizeMode.ShortestSide ? 6 : 0, Color = color };
            if (color == ColorOrder.Gray) other = other with { Mean = [0.5f], Std = [1] };
            var back = ManifestPreprocess.From(other).ToSpec();
            Assert.Equal(other with { Mean = back.Mean, Std = back.Std }, back);
        }
    }

    /// <summary>A manifest that says all that can be said.</summary>
    private static byte[] Full()
    {
        var manifest = ManifestJson.Read(Encoding.UTF8.GetBytes(Valid().ToJsonString()), "p");
        var state = new ManifestInput("h", "float32", [1, 2], null);
        return ManifestJson.Write(manifest with { Task = "classification", Inputs = [.. manifest.Inputs, state], States = [new("h_out", "h")] });
    }

    private static JsonObject Valid()
    {
        using var sample = new SamplePackage();
        return JsonNode.Parse(File.ReadAllBytes(Path.Combine(sample.WriteLadder("p"), "manifest.json")))!.AsObject();
    }

    private static string Refused(Action<JsonObject> change)
    {
        var root = Valid();
        change(root);
        return Refused(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }

    private static string Refused(byte[] json)
    {
        var e = Assert.Throws<EdgeException>(() => ManifestJson.Read(json, "somewhere/p"));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.StartsWith("somewhere/p: manifest.json", e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    private static JsonElement Schema()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ResNetEdge.sln"))) folder = folder.Parent!;
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "runtime/Core/Packages/manifest.schema.json"))).RootElement;
    }
}
