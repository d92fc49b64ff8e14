using ResNetEdge.Model;
using ResNetEdge.Operators.Detection;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Operators.Normalization;
using ResNetEdge.Operators.Products;
using ResNetEdge.Operators.Quantization;
using ResNetEdge.Operators.Recurrent;
using ResNetEdge.Operators.Reductions;
using ResNetEdge.Operators.Resampling;
using ResNetEdge.Operators.Sorting;
using ResNetEdge.Operators.Windows;
using Range = ResNetEdge.Operators.Movement.Range;

namespace ResNetEdge.Operators;

/// <summary>Every operator this project knows, in one place. An operator that is not here is refused by its name.</summary>
internal static class OperatorTable
{
    /// <summary>One instance per operator, in alphabetical order.</summary>
    public static readonly Operator[] All =
    [
        new Abs(),
        new Acos(),
        new Acosh(),
        new Add(),
        new AffineGrid(),
        new And(),
        new ArgMax(),
        new ArgMin(),
        new Asin(),
        new Asinh(),
        new Atan(),
        new Atanh(),
        new AveragePool(),
        new BatchNormalization(),
        new BitShift(),
        new BitwiseAnd(),
        new BitwiseNot(),
        new BitwiseOr(),
        new BitwiseXor(),
        new Cast(),
        new Ceil(),
        new Celu(),
        new CenterCropPad(),
        new Clip(),
        new Col2Im(),
        new Compress(),
        new Concat(),
        new Constant(),
        new ConstantOfShape(),
        new Conv(),
        new ConvInteger(),
        new ConvTranspose(),
        new Cos(),
        new Cosh(),
        new CumSum(),
        new DeformConv(),
        new DepthToSpace(),
        new DequantizeLinear(),
        new Det(),
        new Div(),
        new Dropout(),
        new DynamicQuantizeLinear(),
        new Einsum(),
        new Elu(),
        new Equal(),
        new Erf(),
        new Exp(),
        new Expand(),
        new EyeLike(),
        new Flatten(),
        new Floor(),
        new GRU(),
        new Gather(),
        new GatherElements(),
        new GatherND(),
        new Gelu(),
        new Gemm(),
        new GlobalAveragePool(),
        new GlobalLpPool(),
        new GlobalMaxPool(),
        new Greater(),
        new GreaterOrEqual(),
        new GridSample(),
        new HardSigmoid(),
        new HardSwish(),
        new Hardmax(),
        new Identity(),
        new InstanceNormalization(),
        new IsInf(),
        new IsNaN(),
        new LRN(),
        new LSTM(),
        new LayerNormalization(),
        new LeakyRelu(),
        new Less(),
        new LessOrEqual(),
        new Log(),
        new LogSoftmax(),
        new LpNormalization(),
        new LpPool(),
        new MatMul(),
        new MatMulInteger(),
        new Max(),
        new MaxPool(),
        new MaxRoiPool(),
        new MaxUnpool(),
        new Mean(),
        new MeanVarianceNormalization(),
        new Min(),
        new Mish(),
        new Mod(),
        new Mul(),
        new Neg(),
        new NonMaxSuppression(),
        new NonZero(),
        new Not(),
        new OneHot(),
        new Or(),
        new PRelu(),
        new Pad(),
        new Pow(),
        new QuantizeLinear(),
        new RMSNormalization(),
        new RNN(),
        new Range(),
        new Reciprocal(),
        new ReduceL1(),
        new ReduceL2(),
        new ReduceLogSum(),
        new ReduceLogSumExp(),
        new ReduceMax(),
        new ReduceMean(),
        new ReduceMin(),
        new ReduceProd(),
        new ReduceSum(),
        new ReduceSumSquare(),
        new Relu(),
        new Reshape(),
        new Resize(),
        new ReverseSequence(),
        new RoiAlign(),
        new Round(),
        new ScatterElements(),
        new ScatterND(),
        new Selu(),
        new Shrink(),
        new Sigmoid(),
        new Sign(),
        new Sin(),
        new Sinh(),
        new Slice(),
        new Softmax(),
        new Softplus(),
        new Softsign(),
        new SpaceToDepth(),
        new Split(),
        new Sqrt(),
        new Squeeze(),
        new Sub(),
        new Tan(),
        new Tanh(),
        new ThresholdedRelu(),
        new Tile(),
        new TopK(),
        new Transpose(),
        new Trilu(),
        new Unique(),
        new Unsqueeze(),
        new Where(),
        new Xor(),
    ];

    private static readonly Dictionary<string, Operator> ByName = All.ToDictionary(o => o.OpType, StringComparer.Ordinal);

    /// <summary>The operator of a node, or null when it is not supported.</summary>
    public static Operator? Find(Node node) => node.Domain.Length == 0 ? ByName.GetValueOrDefault(node.OpType) : null;

    /// <summary>What is known of a node's operator; <see cref="OperatorTraits.None"/> when it is not supported.</summary>
    public static OperatorTraits TraitsOf(Node node) => Find(node)?.Traits ?? OperatorTraits.None;

    /// <summary>The operator of a node.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator is not supported.</exception>
    public static Operator Of(Node node) => Find(node) ?? throw EdgeException.BadInput(
        UnsupportedOperators.Sentence([UnsupportedOperators.NameOf(node)], node.Name));

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
            ? $"{node.OpType} of operator set {opset} is not supported; convert the model to {signatures[0].Since} or newer"
            : $"{node.OpType} is not in operator set {opset}, so it is not supported there; it was deprecated in {signatures[^1].Since}");
}
