using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX Runtime's residual add with the normalisation behind it: Add [→ Add of a bias] → LayerNormalization, or RMSNormalization, which has no shift
/// (SkipSimplifiedLayerNormalization). Its fourth output is the sum. Source: its docs/ContribOperators.md.
/// </summary>
/// <param name="opType">The operator.</param>
/// <param name="normalization">What follows the sum.</param>
/// <param name="parameters">Inputs of the normalisation, the third of the node on; the bias comes after them.</param>
internal sealed class ConvertSkipNormalization(string opType, string normalization, int parameters) : Conversion
{
    private const float DefaultEpsilon = 1e-12f; // of ONNX Runtime's operators

    private const int Sum = 3; // its output

    public override string OpType => opType;

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 3, 3 + parameters, Float("epsilon")) { Outputs = 4 }];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string bias = node.Input(2 + parameters);
        bool isNamed = node.Outputs.Count > Sum && node.Outputs[Sum].Length > 0;
        string sum = isNamed ? node.Outputs[Sum] : values.Fresh($"{node.Name}.sum");
        string first = bias.Length > 0 ? values.Fresh($"{node.Name}.skip") : sum;
        values.Add(new Node(OpTypes.Add, first, [node.Inputs[0], node.Inputs[1]], [first]));
        if (bias.Length > 0) values.Add(new Node(OpTypes.Add, sum, [first, bias], [sum]));
        var given = node.Inputs.Skip(2).Take(parameters).Where(static name => name.Length > 0);
        values.Add(new Node(normalization, node.Name, [sum, .. given], node.Outputs.Take(Sum)).With("axis", -1L)
            .With("epsilon", node.Attributes.Float("epsilon", DefaultEpsilon)));
        return true;
    }
}
