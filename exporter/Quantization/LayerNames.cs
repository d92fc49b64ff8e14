using System.Text.RegularExpressions;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>The layers that a user keeps in fp32: names of nodes, with <c>*</c> for any run of characters and <c>?</c> for one.</summary>
internal sealed class LayerNames
{
    private readonly (string Pattern, Regex Regex)[] _patterns;

    /// <summary>Reads patterns as given on the command line.</summary>
    public LayerNames(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(pattern => (pattern, Compile(pattern)))];

    /// <summary>Keeps no layer in fp32.</summary>
    public static LayerNames None { get; } = new([]);

    /// <summary>These and others.</summary>
    public LayerNames With(IEnumerable<string> patterns) => new([.. _patterns.Select(p => p.Pattern), .. patterns]);

    /// <summary>Whether a pattern fits the whole name.</summary>
    public bool Contains(string name) => Array.Exists(_patterns, p => p.Regex.IsMatch(name));

    /// <summary>Refuses a pattern that fits no layer: it is a misspelling, and ignoring it would quantise what the user wanted kept.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public void RequireAllUsed(IReadOnlyCollection<string> names)
    {
        foreach (var (pattern, regex) in _patterns)
        {
            if (!names.Any(regex.IsMatch))
                throw new EdgeException(FailureKind.Usage, $"--keep-fp32 '{pattern}' matches no layer of this network; "
                    + $"its layers are named like '{names.FirstOrDefault()}' (see 'inspect')");
        }
    }

    private static Regex Compile(string pattern) =>
        new("^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
}
