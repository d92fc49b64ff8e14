namespace ResNetEdge.Model;

/// <summary>
/// ONNX's names of the operators that code outside <c>Operators</c> names, as <see cref="Node.OpType"/> holds them: where a pass or a fusion looks
/// for one operator, or a builder writes one. A name that is misspelt here does not compile. What an operator is, its own <c>Traits</c> say.
/// </summary>
internal static class OpTypes
{
    public const string Abs = "Abs";
    public const string Add = "Add";
    public const string ArgMax = "ArgMax";
    public const string AveragePool = "AveragePool";
    public const string BatchNormalization = "BatchNormalization";
    public const string Cast = "Cast";
    public const string Ceil = "Ceil";
    public const string Clip = "Clip";
    public const string Concat = "Concat";
    public const string Constant = "Constant";
    public const string ConstantOfShape = "ConstantOfShape";
    public const string Conv = "Conv";
    public const string ConvTranspose = "ConvTranspose";
    public const string Cos = "Cos";
    public const string DepthToSpace = "DepthToSpace";
    public const string DequantizeLinear = "DequantizeLinear";
    public const string Div = "Div";
    public const string Dropout = "Dropout";
    public const string Elu = "Elu";
    public const string Erf = "Erf";
    public const string Exp = "Exp";
    public const string Flatten = "Flatten";
    public const string Floor = "Floor";
    public const string Gather = "Gather";
    public const string Gemm = "Gemm";
    public const string GlobalAveragePool = "GlobalAveragePool";
    public const string Identity = "Identity";
    public const string LeakyRelu = "LeakyRelu";
    public const string Log = "Log";
    public const string LogSoftmax = "LogSoftmax";
    public const string MatMul = "MatMul";
    public const string Max = "Max";
    public const string MaxPool = "MaxPool";
    public const string Min = "Min";
    public const string Mul = "Mul";
    public const string Neg = "Neg";
    public const string PRelu = "PRelu";
    public const string Pad = "Pad";
    public const string Pow = "Pow";
    public const string QuantizeLinear = "QuantizeLinear";
    public const string Reciprocal = "Reciprocal";
    public const string ReduceL2 = "ReduceL2";
    public const string ReduceMax = "ReduceMax";
    public const string ReduceMean = "ReduceMean";
    public const string ReduceMin = "ReduceMin";
    public const string ReduceProd = "ReduceProd";
    public const string ReduceSum = "ReduceSum";
    public const string Relu = "Relu";
    public const string Reshape = "Reshape";
    public const string Resize = "Resize";
    public const string Round = "Round";
    public const string Sigmoid = "Sigmoid";
    public const string Sin = "Sin";
    public const string Slice = "Slice";
    public const string Softmax = "Softmax";
    public const string SpaceToDepth = "SpaceToDepth";
    public const string Sqrt = "Sqrt";
    public const string Squeeze = "Squeeze";
    public const string Sub = "Sub";
    public const string Tanh = "Tanh";
    public const string Tile = "Tile";
    public const string Transpose = "Transpose";
    public const string Unsqueeze = "Unsqueeze";
}
