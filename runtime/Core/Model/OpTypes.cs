namespace ResNetEdge.Model;

/// <summary>
/// ONNX's names of the operators that code outside <c>Operators</c> names, as <see cref="Node.OpType"/> holds them: where a pass or a fusion looks
/// for one operator, or a builder writes one. A name that is misspelt here does not compile. What an operator is, its own <c>Traits</c> say.
/// </summary>
internal static class OpTypes
{
    public const string Add = "Add";
    public const string AveragePool = "AveragePool";
    public const string BatchNormalization = "BatchNormalization";
    public const string Cast = "Cast";
    public const string Clip = "Clip";
    public const string Concat = "Concat";
    public const string Constant = "Constant";
    public const string ConstantOfShape = "ConstantOfShape";
    public const string Conv = "Conv";
    public const string DequantizeLinear = "DequantizeLinear";
    public const string Div = "Div";
    public const string Dropout = "Dropout";
    public const string Flatten = "Flatten";
    public const string Gather = "Gather";
    public const string Gemm = "Gemm";
    public const string GlobalAveragePool = "GlobalAveragePool";
    public const string Hardmax = "Hardmax";
    public const string Identity = "Identity";
    public const string InstanceNormalization = "InstanceNormalization";
    public const string LayerNormalization = "LayerNormalization";
    public const string LogSoftmax = "LogSoftmax";
    public const string MatMul = "MatMul";
    public const string MaxPool = "MaxPool";
    public const string Mul = "Mul";
    public const string Pad = "Pad";
    public const string Pow = "Pow";
    public const string QuantizeLinear = "QuantizeLinear";
    public const string ReduceL1 = "ReduceL1";
    public const string ReduceL2 = "ReduceL2";
    public const string ReduceLogSum = "ReduceLogSum";
    public const string ReduceLogSumExp = "ReduceLogSumExp";
    public const string ReduceMax = "ReduceMax";
    public const string ReduceMean = "ReduceMean";
    public const string ReduceMin = "ReduceMin";
    public const string ReduceProd = "ReduceProd";
    public const string ReduceSum = "ReduceSum";
    public const string ReduceSumSquare = "ReduceSumSquare";
    public const string Relu = "Relu";
    public const string Reshape = "Reshape";
    public const string Sigmoid = "Sigmoid";
    public const string Slice = "Slice";
    public const string Softmax = "Softmax";
    public const string Sqrt = "Sqrt";
    public const string Squeeze = "Squeeze";
    public const string Sub = "Sub";
    public const string TopK = "TopK";
    public const string Transpose = "Transpose";
    public const string Unsqueeze = "Unsqueeze";
}
