using System.Globalization;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>
/// What ONNX itself says of the operators that we know: a line for each form in operator sets 7 to 23, from ONNX's docs/Changelog.md.
/// Name, first operator set, inputs, outputs, attributes (! where required).
/// </summary>
internal sealed record OnnxSchemas(
    string Operator, int Since, (int Min, int Max) Inputs, (int Min, int Max) Outputs,
    IReadOnlyList<(string Name, string Kind, bool IsRequired)> Attributes)
{
    private const string Text =
        """
        Add 7 2-2 1-1
        AveragePool 7 1-1 1-1 auto_pad:text count_include_pad:int kernel_shape:ints! pads:ints strides:ints
        AveragePool 10 1-1 1-1 auto_pad:text ceil_mode:int count_include_pad:int kernel_shape:ints! pads:ints strides:ints
        AveragePool 19 1-1 1-1 auto_pad:text ceil_mode:int count_include_pad:int dilations:ints kernel_shape:ints! pads:ints strides:ints
        BatchNormalization 7 5-5 1-5 epsilon:float momentum:float spatial:int
        BatchNormalization 9 5-5 1-5 epsilon:float momentum:float
        BatchNormalization 14 5-5 1-3 epsilon:float momentum:float training_mode:int
        Cast 6 1-1 1-1 to:int!
        Cast 19 1-1 1-1 saturate:int to:int!
        CastLike 15 2-2 1-1
        CastLike 19 2-2 1-1 saturate:int
        Clip 6 1-1 1-1 max:float min:float
        Clip 11 1-3 1-1
        Concat 4 1-* 1-1 axis:int!
        Constant 1 0-0 1-1 value:tensor!
        Constant 11 0-0 1-1 sparse_value:tensor value:tensor
        Constant 12 0-0 1-1 sparse_value:tensor value:tensor value_float:float value_floats:floats value_int:int value_ints:ints value_string:text value_strings:texts
        ConstantOfShape 9 1-1 1-1 value:tensor
        Conv 1 2-3 1-1 auto_pad:text dilations:ints group:int kernel_shape:ints pads:ints strides:ints
        DequantizeLinear 10 2-3 1-1
        DequantizeLinear 13 2-3 1-1 axis:int
        DequantizeLinear 21 2-3 1-1 axis:int block_size:int
        DequantizeLinear 23 2-3 1-1 axis:int block_size:int output_dtype:int
        Div 7 2-2 1-1
        Dropout 7 1-1 1-2 ratio:float
        Dropout 12 1-3 1-2 seed:int
        Elu 6 1-1 1-1 alpha:float
        Flatten 1 1-1 1-1 axis:int
        Gather 1 2-2 1-1 axis:int
        Gemm 7 3-3 1-1 alpha:float beta:float transA:int transB:int
        Gemm 11 2-3 1-1 alpha:float beta:float transA:int transB:int
        GlobalAveragePool 1 1-1 1-1
        HardSigmoid 6 1-1 1-1 alpha:float beta:float
        HardSwish 14 1-1 1-1
        Identity 1 1-1 1-1
        LeakyRelu 6 1-1 1-1 alpha:float
        MatMul 1 2-2 1-1
        MaxPool 1 1-1 1-1 auto_pad:text kernel_shape:ints! pads:ints strides:ints
        MaxPool 8 1-1 1-2 auto_pad:text kernel_shape:ints! pads:ints storage_order:int strides:ints
        MaxPool 10 1-1 1-2 auto_pad:text ceil_mode:int dilations:ints kernel_shape:ints! pads:ints storage_order:int strides:ints
        Mul 7 2-2 1-1
        Pad 2 1-1 1-1 mode:text pads:ints! value:float
        Pad 11 2-3 1-1 mode:text
        Pad 18 2-4 1-1 mode:text
        QLinearConv 10 8-9 1-1 auto_pad:text dilations:ints group:int kernel_shape:ints pads:ints strides:ints
        QLinearMatMul 10 8-8 1-1
        QuantizeLinear 10 2-3 1-1
        QuantizeLinear 13 2-3 1-1 axis:int
        QuantizeLinear 19 2-3 1-1 axis:int saturate:int
        QuantizeLinear 21 2-3 1-1 axis:int block_size:int output_dtype:int saturate:int
        QuantizeLinear 23 2-3 1-1 axis:int block_size:int output_dtype:int precision:int saturate:int
        ReduceMean 1 1-1 1-1 axes:ints keepdims:int
        ReduceMean 18 1-2 1-1 keepdims:int noop_with_empty_axes:int
        Relu 6 1-1 1-1
        Reshape 5 2-2 1-1
        Reshape 14 2-2 1-1 allowzero:int
        Shape 1 1-1 1-1
        Shape 15 1-1 1-1 end:int start:int
        Sigmoid 6 1-1 1-1
        Slice 1 1-1 1-1 axes:ints ends:ints! starts:ints!
        Slice 10 3-5 1-1
        Softmax 1 1-1 1-1 axis:int
        Squeeze 1 1-1 1-1 axes:ints
        Squeeze 13 1-2 1-1
        Sub 7 2-2 1-1
        Sum 6 1-* 1-1
        Tanh 6 1-1 1-1
        Transpose 1 1-1 1-1 perm:ints
        Unsqueeze 1 1-1 1-1 axes:ints!
        Unsqueeze 13 2-2 1-1
        """;

    public static IReadOnlyList<OnnxSchemas> All { get; } = [.. Text.Split('\n').Select(Parse)];

    /// <summary>The form that holds in an operator set, or null when the operator came later.</summary>
    public static OnnxSchemas? Of(string name, int opset) => All.LastOrDefault(s => s.Operator == name && s.Since <= opset);

    private static OnnxSchemas Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(words[0], int.Parse(words[1], CultureInfo.InvariantCulture), Range(words[2]), Range(words[3]),
            [.. words[4..].Select(
                w => w.TrimEnd('!').Split(':') is [var name, var kind] ? (name, kind, w.EndsWith('!')) : throw new FormatException(w))]);
    }

    private static (int, int) Range(string text) => text.Split('-') is [var min, var max]
        ? (int.Parse(min, CultureInfo.InvariantCulture), max == "*" ? int.MaxValue : int.Parse(max, CultureInfo.InvariantCulture))
        : throw new FormatException(text);
}
