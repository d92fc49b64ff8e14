namespace ResNetEdge.Model;

/// <summary>How operators are refused that cannot run: all of a model in one sentence, with the reason for those that never will.</summary>
internal static class UnsupportedOperators
{
    private const int MostNames = 12;

    /// <summary>ONNX's operators that are refused for good, and why; in alphabetical order within each reason.</summary>
    public static readonly (string Reason, string[] Operators)[] ForGood =
    [
        ("sequences, which no network on a device takes or gives", [
            "ConcatFromSequence", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert",
            "SequenceLength", "SequenceMap", "SplitToSequence"]),
        ("optional values", ["Optional", "OptionalGetElement", "OptionalHasElement"]),
        ("text", ["RegexFullMatch", "StringConcat", "StringNormalizer", "StringSplit", "TfIdfVectorizer"]),
        ("training", [
            "ai.onnx.preview.training::Adagrad", "ai.onnx.preview.training::Adam", "ai.onnx.preview.training::Gradient",
            "ai.onnx.preview.training::Momentum", "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]),
        ("random numbers, which make two runs of one input differ", [
            "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"]),
        ("complex numbers and signal processing", ["BlackmanWindow", "DFT", "HammingWindow", "HannWindow", "MelWeightMatrix", "STFT"]),
        ("pictures in files, which the runtime decodes itself", ["ImageDecoder"]),
    ];

    /// <summary>Why an operator is refused for good; null for one that is only missing.</summary>
    /// <param name="name">With its domain and <c>::</c> in front where that is not ONNX's own.</param>
    public static string? Reason(string name) => Array.Find(ForGood, group => group.Operators.Contains(name)).Reason;

    /// <summary>One sentence on everything that is missing.</summary>
    /// <param name="names">Of the operators, each once, in the order of the graph; at least one.</param>
    /// <param name="node">Name of the first node that uses the first.</param>
    public static string Sentence(IReadOnlyList<string> names, string node)
    {
        if (names.Count == 1)
            return $"node '{node}' uses operator {names[0]}, which is not supported{(Reason(names[0]) is { } reason ? $" ({reason})" : "")}";
        string more = names.Count > MostNames ? $" and {names.Count - MostNames} more" : "";
        return $"the operators {string.Join(", ", names.Take(MostNames).Select(WithReason))}{more} are not supported; node '{node}' uses the first";
    }

    /// <summary>An operator's name as messages have it.</summary>
    public static string NameOf(Node node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}::{node.OpType}";

    private static string WithReason(string name) => Reason(name) is { } reason ? $"{name} ({reason})" : name;
}
