using System.Globalization;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>
/// What ONNX itself says of its operators: one form of one of them, a line of <c>tests/Data/onnx-schemas.txt</c>.
/// </summary>
internal sealed record OnnxSchemas(
    string Operator, int Since, (int Min, int Max) Inputs, (int Min, int Max) Outputs,
    IReadOnlyList<(string Name, string Kind, bool IsRequired)> Attributes)
{
    public static IReadOnlyList<OnnxSchemas> All { get; } =
        [.. File.ReadLines(Path.Combine(House.Root, "tests", "Data", "onnx-schemas.txt")).Where(static line => line[0] != '#').Select(Parse)];

    /// <summary>The form that holds in an operator set, or null when the operator came later or has been deprecated.</summary>
    public static OnnxSchemas? Of(string name, int opset) =>
        All.LastOrDefault(s => s.Operator == name && s.Since <= opset) is { Outputs.Max: > 0 } found ? found : null;

    private static OnnxSchemas Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words[2] == "deprecated") return new(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), default, default, []);
        return new(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), Range(words[2]), Range(words[3]),
            [.. words[4..].Select(
                w => w.TrimEnd('!').Split(':') is [var name, var kind] ? (name, kind, w.EndsWith('!')) : throw new FormatException(w))]);
    }

    private static (int, int) Range(string text) => text.Split('-') is [var min, var max]
        ? (int.Parse(min, CultureInfo.InvariantCulture), max == "*" ? int.MaxValue : int.Parse(max, CultureInfo.InvariantCulture))
        : throw new FormatException(text);
}
