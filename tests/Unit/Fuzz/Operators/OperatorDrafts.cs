using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Tests.Unit.Runtime.Operators;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>How a random node of each operator is drawn; an operator of the table that is missing here fails a test.</summary>
internal static class OperatorDrafts
{
    /// <summary>By operator.</summary>
    public static IReadOnlyDictionary<string, Action<NodeDraft>> All { get; } = Table();

    /// <summary>The operator sets in which ONNX has an operator and we know it.</summary>
    public static IReadOnlyList<int> Opsets(string opType) =>
        [.. Enumerable.Range(OnnxReader.OldestOpset, OnnxReader.NewestOpset - OnnxReader.OldestOpset + 1).Where(opset =>
            OnnxSchemas.Of(opType, opset) is not null && Signature.Of(OperatorTable.Of(new Node(opType, "", [], [])).Signatures, opset) is not null)];

    private static Dictionary<string, Action<NodeDraft>> Table()
    {
        var table = new Dictionary<string, Action<NodeDraft>>(StringComparer.Ordinal);
        void Add(Action<NodeDraft> draft, string names)
        {
            foreach (string name in names.Split(' ')) table.Add(name, draft);
        }

        Add(ElementwiseDrafts.Function, "Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish IsInf "
            + "IsNaN LeakyRelu Log Mish Reciprocal Round Selu Sigmoid Sin Sinh Softplus Softsign Sqrt Tan Tanh ThresholdedRelu");
        Add(ElementwiseDrafts.FunctionOfAnyNumber, "Abs Neg Relu Shrink Sign");
        Add(ElementwiseDrafts.Not, "Not");
        Add(ElementwiseDrafts.BitwiseNot, "BitwiseNot");
        Add(ElementwiseDrafts.Cast, "Cast");
        Add(ElementwiseDrafts.Arithmetic, "Add Div Mul Sub");
        Add(ElementwiseDrafts.Mod, "Mod");
        Add(ElementwiseDrafts.Pow, "Pow");
        Add(ElementwiseDrafts.Logic, "And Or Xor");
        Add(ElementwiseDrafts.Comparison, "Equal Greater GreaterOrEqual Less LessOrEqual");
        Add(ElementwiseDrafts.Bits, "BitwiseAnd BitwiseOr BitwiseXor");
        Add(ElementwiseDrafts.BitShift, "BitShift");
        Add(ElementwiseDrafts.Several, "Max Mean Min");
        Add(ElementwiseDrafts.Slope, "PRelu");
        Add(ElementwiseDrafts.Where, "Where");
        Add(ElementwiseDrafts.Clip, "Clip");

        Add(MovementDrafts.Same, "Dropout Identity");
        Add(MovementDrafts.CenterCropPad, "CenterCropPad");
        Add(MovementDrafts.Concat, "Concat");
        Add(MovementDrafts.Constant, "Constant");
        Add(MovementDrafts.ConstantOfShape, "ConstantOfShape");
        Add(MovementDrafts.DepthToSpace, "DepthToSpace");
        Add(MovementDrafts.SpaceToDepth, "SpaceToDepth");
        Add(MovementDrafts.Expand, "Expand");
        Add(MovementDrafts.EyeLike, "EyeLike");
        Add(MovementDrafts.Flatten, "Flatten");
        Add(MovementDrafts.Pad, "Pad");
        Add(MovementDrafts.Range, "Range");
        Add(MovementDrafts.Reshape, "Reshape");
        Add(MovementDrafts.Slice, "Slice");
        Add(MovementDrafts.Split, "Split");
        Add(MovementDrafts.Squeeze, "Squeeze");
        Add(MovementDrafts.Unsqueeze, "Unsqueeze");
        Add(MovementDrafts.Tile, "Tile");
        Add(MovementDrafts.Transpose, "Transpose");
        Add(MovementDrafts.Trilu, "Trilu");
        Add(MovementDrafts.Unique, "Unique");

        Add(IndexDrafts.Compress, "Compress");
        Add(IndexDrafts.Gather, "Gather");
        Add(IndexDrafts.GatherElements, "GatherElements");
        Add(IndexDrafts.GatherND, "GatherND");
        Add(IndexDrafts.NonMaxSuppression, "NonMaxSuppression");
        Add(IndexDrafts.NonZero, "NonZero");
        Add(IndexDrafts.OneHot, "OneHot");
        Add(IndexDrafts.ReverseSequence, "ReverseSequence");
        Add(IndexDrafts.ScatterElements, "ScatterElements");
        Add(IndexDrafts.ScatterND, "ScatterND");

        Add(ReductionDrafts.Reduce, "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum "
            + "ReduceSumSquare");
        Add(ReductionDrafts.Line, "Hardmax LogSoftmax LpNormalization Softmax");
        Add(ReductionDrafts.Extreme, "ArgMax ArgMin");
        Add(ReductionDrafts.CumSum, "CumSum");
        Add(ReductionDrafts.TopK, "TopK");
        Add(ReductionDrafts.BatchNormalization, "BatchNormalization");
        Add(ReductionDrafts.InstanceNormalization, "InstanceNormalization");
        Add(ReductionDrafts.LayerNormalization, "LayerNormalization RMSNormalization");
        Add(ReductionDrafts.LocalResponse, "LRN");
        Add(ReductionDrafts.MeanVariance, "MeanVarianceNormalization");

        Add(WindowDrafts.Pool, "AveragePool LpPool MaxPool");
        Add(WindowDrafts.Global, "GlobalAveragePool GlobalLpPool GlobalMaxPool");
        Add(WindowDrafts.Conv, "Conv");
        Add(WindowDrafts.ConvInteger, "ConvInteger");
        Add(WindowDrafts.ConvTranspose, "ConvTranspose");
        Add(WindowDrafts.DeformConv, "DeformConv");
        Add(WindowDrafts.MaxUnpool, "MaxUnpool");
        Add(WindowDrafts.MaxRoiPool, "MaxRoiPool");
        Add(WindowDrafts.Col2Im, "Col2Im");

        Add(ProductDrafts.Det, "Det");
        Add(ProductDrafts.Einsum, "Einsum");
        Add(ProductDrafts.Gemm, "Gemm");
        Add(ProductDrafts.MatMul, "MatMul");
        Add(ProductDrafts.MatMulInteger, "MatMulInteger");
        Add(ProductDrafts.QuantizeLinear, "QuantizeLinear");
        Add(ProductDrafts.DequantizeLinear, "DequantizeLinear");
        Add(ProductDrafts.DynamicQuantizeLinear, "DynamicQuantizeLinear");
        Add(ProductDrafts.Recurrent, "GRU LSTM RNN");

        Add(ResamplingDrafts.AffineGrid, "AffineGrid");
        Add(ResamplingDrafts.GridSample, "GridSample");
        Add(ResamplingDrafts.Resize, "Resize");
        Add(ResamplingDrafts.RoiAlign, "RoiAlign");
        return table;
    }
}
