namespace ResNetEdge.Operators;

/// <summary>
/// The float32 bound of every operator, in one place. Moving, comparing and choosing are exact; everything that is not said here is.
/// </summary>
internal static class Fp32Bounds
{
    private static readonly Dictionary<string, Fp32Bound> ByName = Table();

    /// <summary>The bound of an operator.</summary>
    public static Fp32Bound Of(string opType) => ByName.GetValueOrDefault(opType);

    /// <summary>Operators with a bound of their own.</summary>
    public static IEnumerable<string> Stated => ByName.Keys;

    private static Dictionary<string, Fp32Bound> Table()
    {
        var table = new Dictionary<string, Fp32Bound>(StringComparer.Ordinal);
        void Add(BoundMeasure measure, double units, params ReadOnlySpan<string> names)
        {
            foreach (string name in names) table.Add(name, new(measure, units));
        }

        // One operation of the processor, or a function in double precision that is rounded once.
        Add(BoundMeasure.Result, 1, "Add", "DequantizeLinear", "Div", "LeakyRelu", "Mul", "PRelu", "Reciprocal", "Shrink", "Sqrt", "Sub");
        Add(BoundMeasure.Result, 1.01, "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cos", "Cosh", "Log", "Pow", "Sin", "Sinh", "Tan");
        // Functions in single precision: decision 0047.
        Add(BoundMeasure.Result, 2.2, "Exp");
        Add(BoundMeasure.Result, 3, "Softsign", "Celu");
        Add(BoundMeasure.Result, 3.2, "Elu");
        Add(BoundMeasure.Result, 4.8, "Sigmoid");
        Add(BoundMeasure.Result, 5, "Softplus");
        Add(BoundMeasure.Result, 6, "Selu");
        Add(BoundMeasure.Result, 11, "Erf", "Tanh");
        Add(BoundMeasure.Input, 4, "HardSwish");
        Add(BoundMeasure.Input, 8, "Gelu", "Mish");
        // Sums, in single precision and any order; a Winograd convolution adds its own terms, some larger than the products.
        Add(BoundMeasure.Terms, 2, "Col2Im", "CumSum", "HardSigmoid", "Mean", "ReduceL1", "ReduceMean", "ReduceSum", "ReduceSumSquare");
        Add(BoundMeasure.Terms, 4, "AveragePool", "BatchNormalization", "Einsum", "Gemm", "GlobalAveragePool", "MatMul");
        Add(BoundMeasure.Terms, 4, "ScatterElements", "ScatterND");
        Add(BoundMeasure.Terms, 8, "ConvTranspose", "DeformConv");
        Add(BoundMeasure.Terms, 100, "Conv");
        // Weighted means of a few elements, of which a cubic one has weights below 0 and above 1.
        Add(BoundMeasure.Data, 16, "AffineGrid", "GridSample", "Resize", "RoiAlign");
        // Several steps, each of which keeps the size of what it is given.
        Add(BoundMeasure.Largest, 4, "GlobalLpPool", "LpPool", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceProd");
        Add(BoundMeasure.Largest, 16, "Det", "LRN", "LogSoftmax", "LpNormalization", "Softmax");
        Add(BoundMeasure.Largest, 64, "InstanceNormalization", "LayerNormalization", "MeanVarianceNormalization", "RMSNormalization");
        Add(BoundMeasure.Largest, 64, "GRU", "LSTM", "RNN");
        return table;
    }
}
