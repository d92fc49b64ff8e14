using System.Text;
using System.Text.Json.Nodes;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Readme;

/// <summary>The reference of the service's configuration in three forms, all made from the one declared schema.</summary>
internal static class ServiceReference
{
    /// <summary>For people: a table for each section.</summary>
    public static string Markdown(Schema root)
    {
        var text = new StringBuilder("""
            # Configuration of the service

            `resnetedge-service run --service FILE` takes all its settings from one YAML file (`resnetedge run --service FILE` hands over to it). All problems are
            reported together, each as `file:line: sentence`, with exit status 3. A running service reads the file again on SIGHUP and when it changes: a
            bad file is refused and the old configuration stays in use; rules, outputs and the camera whose settings are unchanged continue without
            interruption. Only plain YAML is accepted, without anchors, aliases or tags. The same reference as a JSON schema, for editors:
            [service.schema.json](service.schema.json).

            `--check` reads the file, checks whether it can work on this machine, and exits. It checks the camera's kind, address and path, the package (signature,
            hashes, golden vectors, memory), and the rules against the package's labels. A device or package that does not exist yet is mentioned on stderr
            and is not an error; a downgrade of the package's version is not checked. A reload makes the same checks before it changes anything, and does
            not give up a working camera for one that is missing. Addresses are always shown without user name, password and query.

            A rule stays on only as long as frames have been decoded and processed within `camera.stall_timeout_s`. If there have been none for that long, for
            whatever reason (a silent camera, damaged or old frames, a machine that slept, a program that hangs in a driver or file system), every rule
            turns off, the outputs follow, and `/health` answers 503. A package that fails in any way is refused and the old one stays in use. At start,
            the copy of the last good package runs if the configured package fails, has ended the process twice before running 30 frames, or does not
            respond within a minute.

            With `triggers` the service looks only when it is asked, and sleeps otherwise: state `asleep`, camera closed, rules off. A look opens the camera, throws
            `looks.warm_up_frames` away, runs `looks.frames`, gives results and rule changes to the outputs as always, and answers who asked with one JSON object:
            `{"event":"look","trigger":NAME,"frames":N,"latency_ms":T,"rules":[NAMES THAT ARE ON],"result":{AS OUTPUTS GET IT},"error":null}`. When it is over, rules
            turn off with the reason `asleep`; `hold_ms` or `pulse_ms` of an output makes it last longer. A look that gets no frame within `looks.timeout_s`
            is answered too, with the reason in `error`, and `/health` answers 503 until one succeeds. With `cameras` a trigger asks those that its `camera` names, or all.
            Each looks and answers apart, so that none waits for another: an answer has `"camera":NAME,"answers":N` after `"event"`, and N such answers come. When too many
            requests wait, `error` says so in the one answer there is, without `camera`. A camera whose driver hangs is answered for, a second later.

            Each change of a rule is one JSON object: `{"event":"rule","rule":NAME,"on":true,"label":CLASS,"probability":P,"reason":R,"frame":N,"camera_time_s":T,"time":D,
            "why":{"threshold":P,"counted":K,"frames":N,"of":N,"active":PERIOD,"armed":STATE}}`. The reason is `seen` or `gone`, which frames decided and `why` explains
            (`counted` of the last `of` frames reached the threshold; `active` and `armed` if the rule has them), or why the rule turned off without: `blind` (no frames),
            `asleep`, `stopped`, `reloaded`, `inactive` (not its time), `disarmed`.

            A new package is on trial for its first 30 frames: if it fails on one of them, the service goes back to the previous package. Rules may change
            meanwhile, by a reload or together with the package. A rule whose label the previous package does not have is then off, with its outputs, until a
            package has the label; the other rules continue. The log and `trouble` in `/health` name the rule. A start with the copy of the last good package
            does the same when there is no other valid configuration.

            With `cameras`, a list in place of `camera`, one service has several cameras, each with a name and a thread of its own. They share the model. A rule is decided
            for each camera, or for those that its `camera` names. Results and events have `"camera"` after `"event"` or `"rule"`, metrics the label `camera`, MQTT topics the
            name below the prefix, `/health` and `/status.json` a list `cameras`, and `/picture.jpg?camera=NAME` is one's picture. A camera that fails turns its own rules
            off and no others; `/health` answers 503 until all are there. Late frames and heat of all count together, and all run the same level. A new package's trial is 30
            frames of all together. The names in `cameras` change by a restart alone.

            A test generates this page from the schema (`RESNETEDGE_WRITE_DOCS=1`), so it matches what the program checks.


            """);
        Section(text, "The file", root.Help, root.Settings);
        foreach (var (name, setting) in Inner("", root.Settings))
        {
            var inner = setting.Inner!;
            Section(text, $"`{name}`" + (setting.IsList ? ", a list" : ""), inner.Help, inner.Settings);
            foreach (var (value, schema) in inner.Variants?.Schemas ?? new Dictionary<string, Schema>())
                Section(text, $"`{name}` of type `{value}`", schema.Help, schema.Settings);
        }

        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>For <c>man 5 resnetedge.yaml</c>.</summary>
    public static string Man(Schema root)
    {
        var text = new StringBuilder(".\\\" Generated from the schema by a test; see docs/service.md.\n.TH RESNETEDGE.YAML 5 \"\" ResNetEdge\n.SH "
            + "NAME\nresnetedge.yaml \\- configuration of the ResNetEdge service\n.SH SYNOPSIS\n/etc/resnetedge/service.yaml\n.SH DESCRIPTION\n");
        text.Append("The configuration of\n.BR resnetedge\\-service (1)\nis one YAML file, which is read again on SIGHUP and when it changes. "
            + "A bad file is refused, with the line of every problem, and the old configuration stays in use.\n");
        Roff(text, "THE FILE", root.Help, root.Settings);
        foreach (var (name, setting) in Inner("", root.Settings))
        {
            var inner = setting.Inner!;
            Roff(text, name.ToUpperInvariant(), inner.Help, inner.Settings);
            foreach (var (value, schema) in inner.Variants?.Schemas ?? new Dictionary<string, Schema>())
                Roff(text, $"{name.ToUpperInvariant()} OF TYPE {value.ToUpperInvariant()}", schema.Help, schema.Settings);
        }

        return text.Append(".SH SEE ALSO\n.BR resnetedge\\-service (1)\n").ToString();
    }

    /// <summary>JSON schema, for editors.</summary>
    public static string JsonSchema(Schema root)
    {
        var schema = Object(root.Help, root.Settings);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema.ToJsonString(
            new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }

    /// <summary>Sections and lists of sections, each before those inside it, by their paths.</summary>
    private static IEnumerable<(string Name, Setting Setting)> Inner(string prefix, IReadOnlyList<Setting> settings) =>
        from setting in settings
        where setting.Inner is not null
        from pair in (IEnumerable<(string, Setting)>)
            [(prefix + setting.Name, setting), .. Inner($"{prefix}{setting.Name}.", setting.Inner!.Settings)]
        select pair;

    private static void Section(StringBuilder text, string title, string help, IReadOnlyList<Setting> settings)
    {
        text.Append("## ").Append(title).Append("\n\n").Append(help)
            .Append("\n\n| setting | value | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var setting in settings)
            text.Append($"| `{setting.Name}` | {Cell(setting.Values)} | "
                + $"{(setting.Fallback is null ? "required" : Cell(setting.Fallback))} | {Cell(setting.Help)} |\n");
        text.Append('\n');
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void Roff(StringBuilder text, string title, string help, IReadOnlyList<Setting> settings)
    {
        text.Append(".SH \"").Append(title).Append("\"\n").Append(Escaped(help)).Append('\n');
        foreach (var setting in settings)
            text.Append(".TP\n.B ").Append(Escaped(setting.Name)).Append('\n').Append(Escaped(setting.Help)).Append("\n.br\n")
                .Append(Escaped(Sentence(setting))).Append('\n');
    }

    private static string Sentence(Setting setting)
    {
        string values = char.ToUpperInvariant(setting.Values[0]) + setting.Values[1..];
        return setting.Fallback is null ? $"{values}; required." : $"{values}; default: {setting.Fallback}.";
    }

    private static string Escaped(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }

    private static JsonObject Object(string help, IReadOnlyList<Setting> settings, SchemaVariants? variants = null)
    {
        var properties = new JsonObject();
        var all = settings.Concat(variants?.Schemas.Values.SelectMany(v => v.Settings) ?? []);
        foreach (var alike in all.GroupBy(s => s.Name, StringComparer.Ordinal))
        {
            var setting = alike.First();
            var property = Either([.. alike.Select(Value)]);
            if (setting == variants?.By) property["enum"] = new JsonArray([.. variants.Schemas.Keys.Select(k => JsonValue.Create(k))]);
            properties[setting.Name] = property;
        }

        var result = new JsonObject { ["description"] = help, ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        var required = settings.Where(s => s.Fallback is null).Select(s => (JsonNode?)s.Name).ToArray();
        if (required.Length > 0) result["required"] = new JsonArray(required);
        return result;
    }

    /// <summary>What a name takes that means different things to different types.</summary>
    private static JsonObject Either(IReadOnlyList<JsonObject> values)
    {
        const string Description = "description";
        var different = values.DistinctBy(v => string.Concat(v.Where(p => p.Key != Description).Select(p => p.Value!.ToJsonString()))).ToList();
        return different.Count == 1 ? different[0] : new JsonObject { ["anyOf"] = new JsonArray([.. different]) };
    }

    // Of YAML's, not texts.
    private static JsonNode Word(string word) =>
        word is "true" or "false" ? JsonValue.Create(word == "true") : JsonValue.Create(word);

    private static JsonObject Value(Setting setting)
    {
        JsonObject value;
        if (setting.Inner is { } inner)
        {
            var section = Object(inner.Help, inner.Settings, inner.Variants);
            value = setting.IsList ? new JsonObject { ["type"] = "array", ["items"] = section } : section;
        }
        else if (setting.IsList)
        {
            value = new JsonObject { ["type"] = new JsonArray("string", "array"), ["items"] = new JsonObject { ["type"] = "string" } };
        }
        else if (setting.Choices is { } choices)
        {
            value = choices.SequenceEqual(["true", "false"])
                ? new JsonObject { ["type"] = "boolean" }
                : new JsonObject { ["enum"] = new JsonArray([.. choices.Select(Word)]) };
        }
        else
        {
            value = new JsonObject
            {
                ["type"] =
                    setting.Values.StartsWith("integer", StringComparison.Ordinal) ? "integer" : setting.Values == "text" ? "string" : "number",
            };
        }

        value["description"] = setting.Fallback is null ? setting.Help : $"{setting.Help} Default: {setting.Fallback}.";
        return value;
    }
}
