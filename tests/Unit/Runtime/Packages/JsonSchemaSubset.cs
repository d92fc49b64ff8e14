using System.Text.Json;
using System.Text.RegularExpressions;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

/// <summary>The few keywords of JSON Schema that manifest.schema.json uses; another keyword fails the test instead of being skipped.</summary>
internal static class JsonSchemaSubset
{
    /// <summary>Everything in which the value breaks the schema, each with its path.</summary>
    public static IEnumerable<string> Errors(JsonElement schema, JsonElement value, string path = "$")
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            foreach (string error in Check(keyword.Name, keyword.Value, value, path)) yield return error;
        }
    }

    private static IEnumerable<string> Check(string keyword, JsonElement rule, JsonElement value, string path)
    {
        bool isObject = value.ValueKind == JsonValueKind.Object, isArray = value.ValueKind == JsonValueKind.Array;
        return keyword switch
        {
            "$schema" or "title" or "description" => [],
            "type" => Fail(!Names(rule).Any(t => Is(t, value)), "is not of the type"),
            "const" => Fail(rule.GetRawText() != value.GetRawText(), "is not the constant"),
            "enum" => Fail(!rule.EnumerateArray().Any(e => e.GetRawText() == value.GetRawText()), "is none of"),
            "minimum" => Fail(value.ValueKind == JsonValueKind.Number && value.GetDouble() < rule.GetDouble(), "is below"),
            "maximum" => Fail(value.ValueKind == JsonValueKind.Number && value.GetDouble() > rule.GetDouble(), "is above"),
            "minItems" => Fail(isArray && value.GetArrayLength() < rule.GetInt32(), "has fewer items than"),
            "pattern" => Fail(value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, rule.GetString()!), "does not match"),
            "required" =>
                rule.EnumerateArray().SelectMany(name => Fail(isObject && !value.TryGetProperty(name.GetString()!, out _), $"lacks {name} of")),
            "items" => isArray ? value.EnumerateArray().SelectMany((item, i) => Errors(rule, item, $"{path}[{i}]")) : [],
            "properties" => !isObject ? [] : value.EnumerateObject().SelectMany(p => rule.TryGetProperty(p.Name, out var child)
                ? Errors(child, p.Value, $"{path}.{p.Name}")
                : [$"{path}.{p.Name} is in no schema"]),
            _ => throw new NotSupportedException($"keyword {keyword}"),
        };

        IEnumerable<string> Fail(bool failed, string how) => failed ? [$"{path} {how} {rule.GetRawText()}"] : [];
    }

    private static IEnumerable<string> Names(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"type {type}"),
    };
}
