using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// FusedConv and FusedGemm: a layer and the activation behind it, which ONNX Runtime writes while it optimises. Source: its docs/ContribOperators.md.
/// </summary>
/// <param name="plain">The layer; FusedConv may have a fourth input that is added before the activation.</param>
/// <param name="most">Most inputs.</param>
/// <param name="activationAlpha">FusedGemm has the numbers of its activation by name, FusedConv in a list; this is the name, or null.</param>
/// <param name="attributes">Those of the layer.</param>
internal sealed class ConvertFused(string plain, int most, string? activationAlpha, params AttributeRule[] attributes) : Conversion
{
    private const string Activation = "activation", List = "activation_params", Beta = "activation_beta", Gamma = "activation_gamma";

    private static readonly string[] Plain = [OpTypes.Relu, OpTypes.Sigmoid, OpTypes.Tanh];

    public override string OpType => $"Fused{plain}";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 2, most, [
            .. attributes, Text(Activation),
            .. activationAlpha is null ? [Floats(List)] : new[] { Float(activationAlpha), Float(Beta), Float(Gamma) }]) { MayMiss = [2] },
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string activation = node.Attributes.String(Activation, "");
        float[] numbers = node.Attributes.Floats(List)
            ?? [node.Attributes.Float(activationAlpha ?? "", 0.01f), node.Attributes.Float(Beta, 0.5f)];
        string made = values.Fresh($"{node.Name}/layer");
        var layer = new Node(plain, node.Name, node.Inputs.Take(3), [made]);
        foreach (var rule in attributes)
            if (node.Attributes[rule.Name] is { } value) layer.Attributes[rule.Name] = value;
        values.Add(layer);
        if (node.Input(3).Length > 0)
        {
            string sum = values.Fresh($"{node.Name}/sum");
            values.Add(new Node(OpTypes.Add, sum, [made, node.Inputs[3]], [sum]));
            made = sum;
        }

        values.Add(Active(node, activation, numbers, made, values));
        return true;
    }

    private static Node Active(Node node, string activation, float[] numbers, string x, KnownValues values)
    {
        string name = values.Fresh($"{node.Name}/activation");
        if (activation.Length == 0) return new Node(OpTypes.Identity, name, [x], node.Outputs);
        if (Plain.Contains(activation)) return new Node(activation, name, [x], node.Outputs);
        int needed = activation switch
        {
            OpTypes.LeakyRelu => 1,
            OpTypes.HardSigmoid or OpTypes.Clip => 2,
            _ => throw OperatorRules.Bad(node, $"its activation {activation} is not supported"),
        };
        if (numbers.Length < needed) throw OperatorRules.Bad(node, $"its activation {activation} needs {needed} numbers, not {numbers.Length}");
        if (activation != OpTypes.Clip)
        {
            var active = new Node(activation, name, [x], node.Outputs).With("alpha", numbers[0]);
            return needed == 1 ? active : active.With("beta", numbers[1]);
        }

        string low = values.AddConstant($"{node.Name}/low", Tensor.Scalar(numbers[0]));
        return new Node(OpTypes.Clip, name, [x, low, values.AddConstant($"{node.Name}/high", Tensor.Scalar(numbers[1]))], node.Outputs);
    }
}
