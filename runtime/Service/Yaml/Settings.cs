using System.Globalization;
using ResNetEdge.Device;

namespace ResNetEdge.Service.Yaml;

/// <summary>Makes settings of every kind.</summary>
internal static class Settings
{
    private const int MaxText = 4096;
    private const int MaxItems = 64;

    /// <summary>Text that must be there.</summary>
    public static Setting<string> Text(string name, string help) => new(name, help, "text", null, "", Line);

    /// <summary>Text that may be left out.</summary>
    public static Setting<string?> OptionalText(string name, string help) => new(name, help, "text", "none", null, Line);

    /// <summary>Text with a fallback.</summary>
    public static Setting<string> Text(string name, string help, string fallback) => new(name, help, "text", fallback, fallback, Line);

    /// <summary>An address of a web server that must be there.</summary>
    /// <param name="name">As in the file.</param>
    /// <param name="help">One sentence or two.</param>
    /// <param name="example">For the message.</param>
    public static Setting<SafeAddress> Address(string name, string help, string example) =>
        new(name, help, "text", null, example, (value, place) => WebAddress(value, place, example));

    /// <summary>An address of a web server that may be left out.</summary>
    /// <inheritdoc cref="Address"/>
    public static Setting<SafeAddress?> OptionalAddress(string name, string help, string example) =>
        new(name, help, "text", "none", null, (value, place) => WebAddress(value, place, example));

    /// <summary>A whole number within bounds.</summary>
    public static Setting<int> Int(string name, string help, int fallback, int min, int max) =>
        new(name, help, $"integer from {min} to {max}", Words(fallback), fallback, (value, _) => WholeNumber(value, min, max));

    /// <summary>A whole number within bounds, or nothing.</summary>
    /// <param name="name">As in the file.</param>
    /// <param name="help">One sentence or two.</param>
    /// <param name="fallback">What nothing means, for people.</param>
    /// <param name="min">The smallest number that is taken.</param>
    /// <param name="max">The largest number that is taken.</param>
    public static Setting<int?> OptionalInt(string name, string help, string fallback, int min, int max) =>
        new(name, help, $"integer from {min} to {max}", fallback, null, (value, _) => WholeNumber(value, min, max));

    /// <summary>A number within bounds.</summary>
    public static Setting<double> Number(string name, string help, double fallback, double min, double max) =>
        new(name, help, $"number from {Words(min)} to {Words(max)}", Words(fallback), fallback, (value, _) => RealNumber(value, min, max));

    /// <summary>A number within bounds that must be there.</summary>
    public static Setting<double> Number(string name, string help, double min, double max) =>
        new(name, help, $"number from {Words(min)} to {Words(max)}", null, min, (value, _) => RealNumber(value, min, max));

    /// <summary>A number within bounds, or nothing.</summary>
    public static Setting<double?> OptionalNumber(string name, string help, double min, double max) =>
        new(name, help, $"number from {Words(min)} to {Words(max)}", "none", null, (value, _) => RealNumber(value, min, max));

    /// <summary>A duration; the name ends in its unit, <c>_ms</c> or <c>_s</c>.</summary>
    public static Setting<TimeSpan> Duration(string name, string help, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        bool isMilliseconds = name.EndsWith("_ms", StringComparison.Ordinal);
        if (!isMilliseconds && !name.EndsWith("_s", StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' does not end in its unit", nameof(name));
        double In(TimeSpan span) => isMilliseconds ? span.TotalMilliseconds : span.TotalSeconds;
        return new(name, help, $"{(isMilliseconds ? "milliseconds" : "seconds")} from {Words(In(min))} to {Words(In(max))}",
            Words(In(fallback)), fallback,
            (value, _) => RealNumber(value, In(min), In(max)) is var number && isMilliseconds
                ? TimeSpan.FromMilliseconds(number)
                : TimeSpan.FromSeconds(number));
    }

    /// <summary>Yes or no: the words of YAML 1.2's core schema, and those of YAML 1.1 in small letters.</summary>
    public static Setting<bool> Bool(string name, string help, bool fallback) =>
        new(name, help, "true or false", fallback ? "true" : "false", fallback, (value, _) => value switch
        {
            YamlText { IsQuoted: false, Text: "true" or "True" or "TRUE" or "yes" or "on" } => true,
            YamlText { IsQuoted: false, Text: "false" or "False" or "FALSE" or "no" or "off" } => false,
            _ => throw new SettingException($"must be true or false, not {Describe(value)}"),
        })
        { Choices = ["true", "false"] };

    /// <summary>One of a few words.</summary>
    public static Setting<T> Choice<T>(string name, string help, string? fallback, params (string Word, T Value)[] choices)
    {
        var words = choices.Select(c => c.Word).ToList();
        T Of(string word) => choices.First(c => c.Word == word).Value;
        return new(name, help, string.Join(" or ", words), fallback, fallback is null ? choices[0].Value : Of(fallback), (value, _) =>
            value is YamlText text && words.Contains(text.Text) ? Of(text.Text)
                : throw new SettingException($"must be one of {string.Join(", ", words)}, not {Describe(value)}"))
        { Choices = words };
    }

    /// <summary>A list of texts; one text alone is a list of one.</summary>
    public static Setting<IReadOnlyList<string>> Texts(string name, string help) =>
        new(name, help, "list of strings", "none", [], (value, place) => value switch
        {
            YamlText => [Line(value, place)],
            YamlSequence { Items.Count: <= MaxItems } list => [.. list.Items.Select(item => Line(item, place))],
            _ => throw new SettingException($"must be a list of at most {MaxItems} strings, not {Describe(value)}"),
        })
        { IsList = true };

    /// <summary>A section inside.</summary>
    public static Setting<T> Inner<T>(string name, Schema schema, T? fallback, Func<Section, T> read) where T : class =>
        new(name, schema.Help, "section", fallback is null ? null : "the defaults of its settings", fallback!, (value, place) =>
            value is YamlMapping mapping
                ? read(new Section(mapping, place, schema))
                : throw new SettingException($"must be a section with its own settings, not {Describe(value)}"))
        { Inner = schema };

    /// <summary>A section inside that may be left out.</summary>
    /// <param name="name">As in the file.</param>
    /// <param name="schema">Of the section.</param>
    /// <param name="fallback">What leaving it out means, for people.</param>
    /// <param name="read">Reads it.</param>
    public static Setting<T?> OptionalInner<T>(string name, Schema schema, string fallback, Func<Section, T> read) where T : class =>
        new(name, schema.Help, "section", fallback, null, (value, place) =>
            value is YamlMapping mapping
                ? read(new Section(mapping, place, schema))
                : throw new SettingException($"must be a section with its own settings, not {Describe(value)}"))
        { Inner = schema };

    /// <summary>A list of sections.</summary>
    /// <param name="name">As in the file.</param>
    /// <param name="schema">Of each.</param>
    /// <param name="read">Reads one; gets the mapping, since its schema may depend on what it holds. Null: a problem was noted.</param>
    public static Setting<IReadOnlyList<T>> List<T>(string name, Schema schema, Func<YamlMapping, Place, T?> read) where T : class =>
        new(name, schema.Help, "list of sections", "none", [], (value, place) =>
        {
            if (value is not YamlSequence { Items.Count: <= MaxItems } list)
                throw new SettingException($"must be a list of at most {MaxItems} sections, each starting with '-', not {Describe(value)}");
            var items = new List<T>();
            for (int i = 0; i < list.Items.Count; i++)
            {
                var inside = place with { Path = $"{place.Path}[{i}]" };
                if (list.Items[i] is not YamlMapping mapping)
                    inside.Add(list.Items[i].Line, $"'{inside.Path}' must be a section with its own settings, not {Describe(list.Items[i])}");
                else if (read(mapping, inside) is { } item) items.Add(item);
            }

            return items;
        })
        { Inner = schema, IsList = true };

    /// <summary>A value for a message, short.</summary>
    public static string Describe(YamlValue value) => value switch
    {
        YamlText { IsNothing: true } => "nothing",
        YamlText text when SafeAddress.Show(text.Text) is { Length: > 40 } shown => $"'{shown[..40]}...'",
        YamlText text => $"'{SafeAddress.Show(text.Text)}'",
        YamlSequence => "a list",
        _ => "a section",
    };

    private static string Line(YamlValue value, Place place) => value switch
    {
        YamlText { IsNothing: false, Text.Length: > 0 and <= MaxText } text when !text.Text.Any(char.IsControl) => text.Text,
        YamlText { Text.Length: > MaxText } => throw new SettingException($"has more than {MaxText} characters"),
        YamlText { IsNothing: false, Text.Length: > 0 } => throw new SettingException("contains a control character"),
        _ => throw new SettingException($"must be text, not {Describe(value)}"),
    };

    // A password belongs into a file of its own.
    private static SafeAddress WebAddress(YamlValue value, Place place, string example)
    {
        var address = new SafeAddress(Line(value, place));
        return address.Uri is { Scheme: "http" or "https", UserInfo.Length: 0, Port: > 0 }
            ? address
            // The path may be a secret.
            : throw new SettingException($"must be an address such as {example}, without a password, not '{address.Origin}'");
    }

    private static int WholeNumber(YamlValue value, int min, int max) =>
        value is YamlText { IsQuoted: false } text
            && int.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new SettingException($"must be an integer from {min} to {max}, not {Describe(value)}");

    private static double RealNumber(YamlValue value, double min, double max) =>
        value is YamlText { IsQuoted: false } text && double.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= min && number <= max
            ? number
            : throw new SettingException($"must be a number from {Words(min)} to {Words(max)}, not {Describe(value)}");

    private static string Words(double number) => number.ToString("G", CultureInfo.InvariantCulture);
}
