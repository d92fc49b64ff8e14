using ResNetEdge.Model;
using ResNetEdge.Operators.Detection;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Operators.Normalization;
using ResNetEdge.Operators.Products;
using ResNetEdge.Operators.Quantization;
using ResNetEdge.Operators.Recurrent;
using ResNetEdge.Operators.Reductions;
using ResNetEdge.Operators.Sorting;
using ResNetEdge.Operators.Resampling;
using ResNetEdge.Operators.Windows;

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
        new And(),
        new Asin(),
        new Asinh(),
        new Atan(),
        new Atanh(),
        new ArgMax(),
        new ArgMin(),
        new AffineGrid(),
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
        new Cos(),
        new Cosh(),
        new CumSum(),
        new DepthToSpace(),
        new ConvInteger(),
        new ConvTranspose(),
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
        new Gather(),
        new Gelu(),
        new Gemm(),
        new GlobalAveragePool(),
        new Greater(),
        new GreaterOrEqual(),
        new GatherElements(),
        new GatherND(),
        new Gemm(),
        new GlobalAveragePool(),
        new GridSample(),
        new GlobalLpPool(),
        new GlobalMaxPool(),
        new GRU(),
        new HardSigmoid(),
        new HardSwish(),
        new Hardmax(),
        new Identity(),
        new IsInf(),
        new IsNaN(),
        new LeakyRelu(),
        new Less(),
        new LessOrEqual(),
        new Log(),
        new InstanceNormalization(),
        new LRN(),
        new LayerNormalization(),
        new LeakyRelu(),
        new LogSoftmax(),
        new LpNormalization(),
        new MatMul(),
        new Max(),
        new MaxPool(),
        new Mean(),
        new Min(),
        new Mish(),
        new Mod(),
        new MeanVarianceNormalization(),
        new LpPool(),
        new LSTM(),
        new MatMul(),
        new MatMulInteger(),
        new MaxPool(),
        new MaxUnpool(),
        new Mul(),
        new Neg(),
        new Not(),
        new Or(),
        new PRelu(),
        new NonMaxSuppression(),
        new NonZero(),
        new OneHot(),
        new Pad(),
        new Pow(),
        new QuantizeLinear(),
        new Reciprocal(),
        new ReduceL1(),
        new ReduceL2(),
        new ReduceLogSum(),
        new ReduceLogSumExp(),
        new ReduceMax(),
        new Movement.Range(),
        new ReduceMean(),
        new ReduceMin(),
        new ReduceProd(),
        new ReduceSum(),
        new ReduceSumSquare(),
        new Relu(),
        new Reshape(),
        new Round(),
        new Selu(),
        new Shrink(),
        new Resize(),
        new ReverseSequence(),
        new RoiAlign(),
        new ScatterElements(),
        new ScatterND(),
        new RNN(),
        new Sigmoid(),
        new Sign(),
        new Sin(),
        new Sinh(),
        new Slice(),
        new Softmax(),
        new Softplus(),
        new Softsign(),
        new Sqrt(),
        new SpaceToDepth(),
        new Split(),
        new Squeeze(),
        new Sub(),
        new Tan(),
        new Tanh(),
        new ThresholdedRelu(),
        new TopK(),
        new Tile(),
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

    /// <summary>
    /// The signature of a node's operator in an operator set. In the set that is written, an operator that came later keeps its first form: all
    /// others are said in that set, whatever the file's own, and there is no other word for it.
    /// </summary>
    /// <exception cref="EdgeException">Exit 3: the operator came later.</exception>
    public static Signature SignatureOf(Node node, IReadOnlyList<Signature> signatures, int opset) =>
        Signature.Of(signatures, opset == Graph.WrittenOpset ? Math.Max(opset, signatures[0].Since) : opset)
        ?? throw OperatorRules.Bad(node, $"{node.OpType} is not in operator set {opset}; it was added in {signatures[0].Since}");
    /// <summary>The signature of a node's operator in an operator set.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator came later, or had been deprecated before.</exception>
    public static Signature SignatureOf(Node node, IReadOnlyList<Signature> signatures, int opset) => Signature.Of(signatures, opset)
        ?? throw OperatorRules.Bad(node, signatures[0].Since > opset
            ? $"{node.OpType} is not in operator set {opset}; it was added in {signatures[0].Since}"
            : $"{node.OpType} is not in operator set {opset}; it was deprecated in {signatures[^1].Since}");
}
