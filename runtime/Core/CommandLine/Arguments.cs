using System.Globalization;
using ResNetEdge.Naming;

namespace ResNetEdge.CommandLine;

/// <summary>
/// A parsed command line. Options stand anywhere, as <c>--name value</c> or <c>--name=value</c>; after <c>--</c> everything is an
/// operand. An option is never abbreviated, and nothing unknown is passed over.
/// </summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _operands = [];

    private Arguments()
    {
    }

    /// <summary>Everything after the verb as it was typed, for a program that takes the command line over.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>What is not an option, in order.</summary>
    public IReadOnlyList<string> Operands => _operands;

    /// <summary>Reads the words after the verb.</summary>
    /// <exception cref="EdgeException">Exit 2: an unknown option, a missing or surplus value or operand.</exception>
    public static Arguments Parse(Verb verb, ReadOnlySpan<string> words)
    {
        var parsed = new Arguments { Words = words.ToArray() };
        bool onlyOperands = false;
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (onlyOperands || word == "-" || !word.StartsWith('-'))
            {
                parsed._operands.Add(word);
                continue;
            }

            if (word == "--")
            {
                onlyOperands = true;
                continue;
            }

            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? word : word[..equals];
            var option = verb.Options.FirstOrDefault(o => o.Name == name || o.FormerName == name) ?? throw UnknownOption(verb, name);
            if (option.Value == null)
            {
                if (equals >= 0) throw Usage($"option '{name}' takes no value");
                parsed.Add(option, "");
            }
            else if (equals >= 0)
            {
                parsed.Add(option, word[(equals + 1)..]);
            }
            else
            {
                // A value that begins with two dashes is far more often a forgotten value than meant; --name=--value still says it.
                if (i + 1 == words.Length || words[i + 1].StartsWith("--", StringComparison.Ordinal))
                    throw Usage($"option '{name}' needs a value: {name} {option.Value}");
                parsed.Add(option, words[++i]);
            }
        }

        return parsed;
    }

    /// <summary>Checks the number of operands.</summary>
    public void CheckOperands(Verb verb)
    {
        if (_operands.Count < verb.MinOperands) throw Usage($"'{verb.Name}' needs {verb.Operands}");
        if (_operands.Count > verb.MaxOperands) throw Usage($"'{verb.Name}' takes only {verb.Operands}; unexpected '{_operands[verb.MaxOperands]}'");
    }

    /// <summary>Whether an option is given.</summary>
    public bool Has(string option) => _values.ContainsKey(option);

    /// <summary>The value of an option, or null.</summary>
    public string? Value(string option) => _values.TryGetValue(option, out var values) ? values[0] : null;

    /// <summary>Every value of an option that repeats.</summary>
    public IReadOnlyList<string> Values(string option) => _values.TryGetValue(option, out var values) ? values : [];

    /// <summary>A whole number within bounds.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public int Int(string option, int fallback, int min, int max)
    {
        if (Value(option) is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
            ? value
            : throw Usage($"option '{option}' needs an integer from {min} to {max}, not '{text}'");
    }

    /// <summary>A finite number within bounds.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public double Number(string option, double fallback, double min, double max)
    {
        if (Value(option) is not { } text) return fallback;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= min && value <= max
            ? value
            : throw Usage($"option '{option}' needs a number from {min} to {max}, not '{text}'");
    }

    /// <summary>Numbers with commas between, or null when the option is not given.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public float[]? Numbers(string option)
    {
        if (Value(option) is not { } text) return null;
        string[] parts = text.Split(',');
        var numbers = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                throw Usage($"option '{option}' needs comma-separated numbers, such as 0.5,0.5,0.5, not '{text}'");
        }

        return numbers;
    }

    /// <summary>A usage error; the shell adds where help is.</summary>
    public static EdgeException Usage(string message) => new(FailureKind.Usage, message);

    private static EdgeException UnknownOption(Verb verb, string name)
    {
        string? near = Spelling.Nearest(name, verb.Options.Select(o => o.Name));
        return Usage($"'{verb.Name}' has no option '{name}'" + (near == null ? "" : $"; did you mean '{near}'?"));
    }

    private void Add(Option option, string value)
    {
        if (!_values.TryGetValue(option.Name, out var values)) _values.Add(option.Name, values = []);
        else if (!option.Repeats) throw Usage($"option '{option.Name}' was given twice");
        values.Add(value);
    }
}
