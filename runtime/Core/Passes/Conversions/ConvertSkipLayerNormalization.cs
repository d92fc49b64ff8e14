using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX Runtime's residual add with the LayerNormalization behind it: Add [→ Add of a bias] → LayerNormalization. Its fourth output is the sum.
/// </summary>
internal sealed class ConvertSkipLayerNormalization : Conversion
{
    private const float DefaultEpsilon = 1e-12f; // of ONNX Runtime's operator

    private const int Sum = 3; // its output

    public override string OpType => "SkipLayerNormalization";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 3, 5, Float("epsilon")) { Outputs = 4 }];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool hasBias = node.Input(4).Length > 0, isNamed = node.Outputs.Count > Sum && node.Outputs[Sum].Length > 0;
        string sum = isNamed ? node.Outputs[Sum] : values.Fresh($"{node.Name}.sum");
        string first = hasBias ? values.Fresh($"{node.Name}.skip") : sum;
        values.Add(new Node(OpTypes.Add, first, [node.Inputs[0], node.Inputs[1]], [first]));
        if (hasBias) values.Add(new Node(OpTypes.Add, sum, [first, node.Inputs[4]], [sum]));
        List<string> inputs = [sum, node.Inputs[2]];
        if (node.Input(3).Length > 0) inputs.Add(node.Inputs[3]);
        values.Add(new Node(OpTypes.LayerNormalization, node.Name, inputs, node.Outputs.Take(Sum)).With("axis", -1L)
            .With("epsilon", node.Attributes.Float("epsilon", DefaultEpsilon)));
        return true;
    }
}
