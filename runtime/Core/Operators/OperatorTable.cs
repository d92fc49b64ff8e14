using ResNetEdge.Model;
using ResNetEdge.Operators.Detection;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Operators.Normalization;
using ResNetEdge.Operators.Products;
using ResNetEdge.Operators.Quantization;
using ResNetEdge.Operators.Reductions;
using ResNetEdge.Operators.Resampling;
using ResNetEdge.Operators.Windows;
using Range = ResNetEdge.Operators.Movement.Range;

namespace ResNetEdge.Operators;

/// <summary>Every operator this project knows, in one place. An operator that is not here is refused by its name.</summary>
internal static class OperatorTable
{
    /// <summary>One instance per operator, in alphabetical order.</summary>
    public static readonly Operator[] All =
    [
        new Add(),
        new AffineGrid(),
        new AveragePool(),
        new BatchNormalization(),
        new Cast(),
        new CenterCropPad(),
        new Clip(),
        new Col2Im(),
        new Compress(),
        new Concat(),
        new Constant(),
        new ConstantOfShape(),
        new Conv(),
        new DepthToSpace(),
        new DequantizeLinear(),
        new Div(),
        new Dropout(),
        new Elu(),
        new Expand(),
        new EyeLike(),
        new Flatten(),
        new Gather(),
        new GatherElements(),
        new GatherND(),
        new Gemm(),
        new GlobalAveragePool(),
        new GridSample(),
        new HardSigmoid(),
        new HardSwish(),
        new Identity(),
        new LeakyRelu(),
        new MatMul(),
        new MaxPool(),
        new Mul(),
        new NonMaxSuppression(),
        new NonZero(),
        new OneHot(),
        new Pad(),
        new QuantizeLinear(),
        new Range(),
        new ReduceMean(),
        new Relu(),
        new Reshape(),
        new Resize(),
        new ReverseSequence(),
        new RoiAlign(),
        new ScatterElements(),
        new ScatterND(),
        new Sigmoid(),
        new Slice(),
        new Softmax(),
        new SpaceToDepth(),
        new Split(),
        new Squeeze(),
        new Sub(),
        new Tanh(),
        new Tile(),
        new Transpose(),
        new Trilu(),
        new Unique(),
        new Unsqueeze(),
    ];

    private static readonly Dictionary<string, Operator> ByName = All.ToDictionary(o => o.OpType, StringComparer.Ordinal);

    /// <summary>The operator of a node, or null when it is not supported.</summary>
    public static Operator? Find(Node node) => node.Domain.Length == 0 ? ByName.GetValueOrDefault(node.OpType) : null;

    /// <summary>What is known of a node's operator; <see cref="OperatorTraits.None"/> when it is not supported.</summary>
    public static OperatorTraits TraitsOf(Node node) => Find(node)?.Traits ?? OperatorTraits.None;

    /// <summary>The operator of a node.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator is not supported.</exception>
    public static Operator Of(Node node) => Find(node) ?? throw EdgeException.BadInput(
        $"node '{node.Name}' uses operator {(node.Domain.Length == 0 ? "" : node.Domain + "::")}{node.OpType}, which is not supported");

    /// <summary>The operator of a node that says only what the operator knows.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator is not supported, or the node has an attribute, a value, an input or an output that
    /// it does not know.</exception>
    public static Operator Of(Node node, int opset)
    {
        var found = Of(node);
        var signature = opset == Graph.WrittenOpset ? Signature.Converted(found.Signatures, node) : SignatureOf(node, found.Signatures, opset);
        signature.Check(node, opset);
        return found;
    }

    /// <summary>Refuses a graph with a node that operator set 17, in which packages are written, cannot say.</summary>
    /// <exception cref="EdgeException">Exit 3: such a node; it runs, but only from the file that has it.</exception>
    public static void CheckWritable(Graph graph)
    {
        foreach (var node in graph.Nodes) SignatureOf(node, Of(node).Signatures, Graph.WrittenOpset).Check(node, Graph.WrittenOpset);
    }

    /// <summary>The signature of a node's operator in an operator set.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator came later, or had been deprecated before.</exception>
    public static Signature SignatureOf(Node node, IReadOnlyList<Signature> signatures, int opset) => Signature.Of(signatures, opset)
        ?? throw OperatorRules.Bad(node, signatures[0].Since > opset
            ? $"{node.OpType} is not in operator set {opset}; it was added in {signatures[0].Since}"
            : $"{node.OpType} is not in operator set {opset}; it was deprecated in {signatures[^1].Since}");
}
