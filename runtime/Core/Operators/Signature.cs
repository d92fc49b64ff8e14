using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>
/// What nodes of an operator look like from one operator set on. Nothing may pass that a signature does not name: an attribute that is read over
/// in silence may change what the node means.
/// </summary>
/// <param name="Since">First operator set of this form.</param>
/// <param name="MinInputs">Inputs that must be given.</param>
/// <param name="MaxInputs">Inputs that may be given.</param>
/// <param name="Attributes">Those that may be given.</param>
/// <remarks>Source: ONNX, docs/Changelog.md, operator sets 1 to 23.</remarks>
internal sealed record Signature(int Since, int MinInputs, int MaxInputs, params AttributeRule[] Attributes)
{
    /// <summary>For operators that take any number of inputs.</summary>
    public const int AnyNumber = int.MaxValue;

    /// <summary>Numbers of inputs before <see cref="MinInputs"/> that may be left empty all the same.</summary>
    public int[] MayMiss { get; init; } = [];

    /// <summary>Outputs that are computed; all but the first may be left out.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Outputs that must be there, read or not.</summary>
    public int MinOutputs { get; init; } = 1;

    /// <summary>Whether the first output may be left out too, as long as there is another.</summary>
    public bool MayMissFirstOutput { get; init; }

    /// <summary>Whether further outputs mean that the node is trained, not run.</summary>
    public bool TrainsWithMoreOutputs { get; init; }

    /// <summary>Whether operator set 17 cannot say all that this form says; nodes that need it keep it, and no package contains them.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether the operator is deprecated from <see cref="Since"/> on.</summary>
    public bool IsDeprecated { get; private init; }

    /// <summary>The end of an operator that ONNX has deprecated.</summary>
    public static Signature Deprecated(int since) => new(since, 0, 0) { IsDeprecated = true };

    /// <summary>The signature that holds in an operator set, or null when the operator came later or has been deprecated.</summary>
    public static Signature? Of(IReadOnlyList<Signature> signatures, int opset) =>
        signatures.LastOrDefault(s => s.Since <= opset) is { IsDeprecated: false } found ? found : null;

    /// <summary>
    /// The signature that holds for a node once its graph has been converted: that of operator set 17, or a later one where 17 has no word for the
    /// operator or for what the node says.
    /// </summary>
    public static Signature Converted(IReadOnlyList<Signature> signatures, Node node)
    {
        var written = Of(signatures, Graph.WrittenOpset);
        if (written is not null && written.Knows(node)) return written;
        return signatures.LastOrDefault(s => s.Since > Graph.WrittenOpset && (s.IsKept || written is null) && s.Knows(node))
            ?? written ?? signatures[^1];
    }

    /// <summary>Strikes the names of outputs that nothing reads; where any number is allowed, how many there are has a meaning.</summary>
    public void Trim(Node node, Func<string, bool> isRead)
    {
        while (Outputs != AnyNumber && node.Outputs.Count > MinOutputs && node.Outputs.Count <= Outputs && !isRead(node.Outputs[^1]))
            node.Outputs.RemoveAt(node.Outputs.Count - 1);
    }

    /// <summary>Refuses what this signature does not name.</summary>
    /// <exception cref="EdgeException">Exit 3: an attribute, input or output too many or too few, or a value that is not supported; the message
    /// names node and attribute.</exception>
    public void Check(Node node, int opset)
    {
        int inputs = Given(node.Inputs), outputs = Given(node.Outputs);
        while (inputs < Math.Min(MinInputs, node.Inputs.Count) && MayMiss.Contains(inputs)) inputs++;
        if (inputs > MaxInputs || inputs < MinInputs)
            throw OperatorRules.Bad(node, $"{inputs} {(inputs == 1 ? "input" : "inputs")} where {Range()} expected in operator set {opset}");
        for (int i = 0; i < MinInputs; i++)
            if (node.Inputs[i].Length == 0 && !MayMiss.Contains(i)) throw OperatorRules.Bad(node, $"input {i} is missing");
        if (outputs == 0 || (node.Outputs[0].Length == 0 && !MayMissFirstOutput)) throw OperatorRules.Bad(node, "its first output has no name");
        if (outputs > Outputs && TrainsWithMoreOutputs)
        {
            string reason = $"{node}: it has {outputs} outputs, which means training in ONNX and is not supported; export the model for inference";
            throw new EdgeException(FailureKind.BadInput, reason) { ConcernsEveryEngine = true };
        }

        if (outputs > Outputs) throw OperatorRules.Bad(node, $"output {outputs - 1} ('{node.Outputs[outputs - 1]}') is not supported");
        foreach (string name in node.Attributes.Names)
            if (!Array.Exists(Attributes, rule => rule.Name == name))
                throw OperatorRules.Bad(node, $"attribute {name} is not supported in operator set {opset}; {Known()}");
        foreach (var rule in Attributes) rule.Check(node);
    }

    private bool Knows(Node node) => Given(node.Inputs) <= MaxInputs
        && node.Attributes.Names.All(name => Array.Exists(Attributes, rule => rule.Name == name && rule.Allows(node.Attributes[name])));

    // Names left empty at the end say nothing.
    private static int Given(List<string> names) => names.FindLastIndex(static name => name.Length > 0) + 1;

    private string Known() => $"known there: {(Attributes.Length == 0 ? "none" : string.Join(", ", Attributes.Select(static rule => rule.Name)))}";

    private string Range() => MaxInputs == AnyNumber ? $"{MinInputs} or more are"
        : MinInputs != MaxInputs ? $"{MinInputs} to {MaxInputs} are"
        : MinInputs == 1 ? "1 is" : $"{MinInputs} are";
}
