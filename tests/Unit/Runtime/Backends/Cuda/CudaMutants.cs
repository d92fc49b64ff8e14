using System.Text.RegularExpressions;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>A mistake in a kernel's code: the tests of the kernels must notice each.</summary>
/// <param name="Kernel">The kernel's line in the table.</param>
/// <param name="Function">The kernel's name in the module.</param>
/// <param name="What">For people.</param>
/// <param name="Pattern">What is replaced in the function's text.</param>
/// <param name="By">What stands there instead.</param>
/// <param name="Occurrence">Which one, from 0; -1: the last; null: all.</param>
internal sealed record CudaMutants(string Kernel, string Function, string What, string Pattern, string By, int? Occurrence = null)
{
    private const string Matrix = "ConvInt8CudaMatrix", MatrixFunction = "conv_int8_matrix";
    private const string Fma = @"fma\.rn\.f32\s+(%f\d+), (%f\d+), (%f\d+), (%f\d+);", Sum = @"add\.rn\.f32 (%f\d+), (%f\d+), (%f\d+);";
    private const string NextFloat = @"(ld\.global\.f32\s+%f\d+, \[%rd\d+)\]";
    private const string Direct = "ConvInt8CudaDirect", DirectFunction = "conv_int8_direct";

    public static IReadOnlyList<CudaMutants> All { get; } =
    [
        new(Matrix, MatrixFunction, "the barrier of the loop is lost", @"bar\.sync 0;", "", 0),
        new(Matrix, MatrixFunction, "the barrier before the sums is lost", @"bar\.sync 0;", "", 1),
        new(Matrix, MatrixFunction, "the barrier after the sums is lost", @"bar\.sync 0;", "", 2),
        new(Matrix, MatrixFunction, "one group of copies too few is waited for", @"wait_group 1", "wait_group 2"),
        new(Matrix, MatrixFunction, "no copy is waited for", @"cp\.async\.wait_group 1;", ""),
        new(Matrix, MatrixFunction, "a commit is lost", @"cp\.async\.commit_group;", "", -1),
        new(Matrix, MatrixFunction, "signs are swapped", @"s32\.u8\.s8\.s32", "s32.s8.u8.s32"),
        new(Matrix, MatrixFunction, "the accumulator starts anew", @"(mma\.sync[^;]*), \{%r\d+,%r\d+,%r\d+,%r\d+\};", "$1, {0,0,0,0};", 3),
        new(Matrix, MatrixFunction, "one side is swizzled otherwise", @"xor\.b32", "or.b32", 0),
        new(Matrix, MatrixFunction, "a row of a matrix is the next one", @"(ldmatrix[^\[]*\[%r\d+)\]", "$1+64]", 0),
        new(Matrix, MatrixFunction, "rounding is towards zero", @"cvt\.rni\.s32", "cvt.rzi.s32"),
        new(Matrix, MatrixFunction, "a product may be joined with a sum", @"mul\.rn\.f32", "mul.f32"),
        new(Matrix, MatrixFunction, "the lower clamp is lost", @"max\.s32 (%r\d+), (%r\d+), %r\d+;", "mov.u32 $1, $2;"),
        new(Matrix, MatrixFunction, "the upper clamp is lost", @"min\.s32 (%r\d+), (%r\d+), %r\d+;", "mov.u32 $1, $2;", -1),
        new(Matrix, MatrixFunction, "a loop ends one step early", @"setp\.lt\.s32", "setp.le.s32", -1),
        new(Matrix, MatrixFunction, "sixteen bytes are stored in another order", @"(st\.global\.v4\.u32[^{]*)\{(%r\d+), (%r\d+)", "$1{$3, $2"),
        new(Direct, DirectFunction, "the last block writes past the output", @"setp\.ge\.u32", "setp.gt.u32", 0),
        new(Direct, DirectFunction, "words are shifted the other way", @"shf\.r\.wrap\.b32 (%r\d+), (%r\d+), (%r\d+),", "shf.r.wrap.b32 $1, $3, $2,"),
        new(Direct, DirectFunction, "signs are swapped", @"dp4a\.u32\.s32", "dp4a.s32.u32"),
        new(Direct, DirectFunction, "a residual is added with two roundings",
            Fma, "{ .reg .f32 t; mul.rn.f32 t, $2, $3; add.rn.f32 $1, t, $4; }"),
        new(Direct, DirectFunction, "the zero point is forgotten", @"add\.s32(\s+)(%r\d+), (%r\d+), %r\d+;", "mov.u32$1$2, $3;", -1),
        new(Direct, DirectFunction, "what lies outside is read inside", @"and\.pred(\s+)(%p\d+), (%p\d+), %p\d+;", "mov.pred$1$2, $3;", 0),
        new("AddInt8Cuda", "add_int8", "the sides are swapped", Fma, "fma.rn.f32 $1, $2, $4, $3;"),
        new("AddInt8Cuda", "add_int8", "the clamp is lost", @"max\.s32 (%r\d+), (%r\d+), %r\d+;", "mov.u32 $1, $2;"),
        new("MaxPoolCuda", "max_pool_int8", "the least is taken", @"max\.s32", "min.s32"),
        new("MaxPoolCuda", "max_pool_int8", "padding is read", @"setp\.(ge|lt)\.u32", "setp.$1.s32", 1),
        new("AveragePoolCuda", "average_pool_int8", "the sum is not converted exactly", @"cvt\.rn\.f32\.s32", "cvt.rz.f32.s32"),
        new("AveragePoolCuda", "average_pool_int8", "the zero point is added", @"sub\.s32", "add.s32", -1),
        new("UnaryInt8Cuda", "table_int8", "the table begins one byte late", @"ld\.global\.u8(\s+%\w+, \[%rd\d+)\]", "ld.global.u8$1+1]", -1),
        new("QuantizeLinearCuda", "quantize_linear", "the quotient is approximate", @"div\.rn\.f32", "div.approx.f32"),
        new("QuantizeLinearCuda", "quantize_linear", "a comparison holds for what is no number", @"setp\.gt\.f32", "setp.gtu.f32"),
        new("DequantizeLinearCuda", "dequantize_linear", "the scale is added", @"mul\.rn\.f32", "add.rn.f32"),
        new("SubsamplePadCuda", "subsample_pad", "channels before the input's are read", @"setp\.(ge|lt)\.u32", "setp.$1.s32", -1),
        new("StridedCopyCuda", "strided_copy", "the place is forgotten", @"add\.s64(\s+)(%rd\d+), (%rd\d+), %rd\d+;", "mov.u64$1$2, $3;", -1),
        new("StridedCopyCuda", "strided_copy", "a part of an element is moved", @"st\.global\.u32", "st.global.u8"),
        new("ConvFp32CudaTiles", "conv_fp32_tile", "the barrier before the products is lost", @"bar\.sync 0;", "", 0),
        new("ConvFp32CudaTiles", "conv_fp32_tile", "the barrier after the products is lost", @"bar\.sync 0;", "", 1),
        new("ConvFp32CudaTiles", "conv_fp32_tile", "a factor is another one", Fma, "fma.rn.f32 $1, $3, $3, $4;", 7),
        new("ConvFp32CudaTiles", "conv_fp32_tile", "a row of sums is left where it was", @"mov\.f32(\s+%f\d+), %f\d+;", "mov.f32$1, 0f00000000;", -1),
        new("ConvFp32CudaDirect", "conv_fp32_direct", "the last block writes past the output", @"setp\.ge\.u32", "setp.gt.u32", 0),
        new("ConvFp32CudaDirect", "conv_fp32_direct", "a product is lost", Fma, "mov.f32 $1, $4;", 0),
        new("ConvFp16CudaMatrix", "conv_fp16_matrix", "the barrier of the loop is lost", @"bar\.sync 0;", "", 0),
        new("ConvFp16CudaMatrix", "conv_fp16_matrix", "the accumulator starts anew", @"(mma\.sync[^;]*), \{%f\d+,%f\d+,%f\d+,%f\d+\};",
            "$1, {0f00000000,0f00000000,0f00000000,0f00000000};", 3),
        new("ConvFp16CudaMatrix", "conv_fp16_matrix", "sixteen bytes are stored in another order",
            @"(st\.global\.v4\.u32[^{]*)\{(%r\d+), (%r\d+)", "$1{$3, $2"),
        new("ConvFp16CudaTiles", "conv_fp16_tile", "the barrier before the products is lost", @"bar\.sync 0;", "", 0),
        new("ConvFp16CudaTiles", "conv_fp16_tile", "the bias is forgotten", Sum, "mov.f32 $1, $2;", 0),
        new("ConvFp16CudaDirect", "conv_fp16_direct", "what lies outside is read inside",
            @"and\.pred(\s+)(%p\d+), (%p\d+), %p\d+;", "mov.pred$1$2, $3;", 0),
        new("AddFp32Cuda", "add_fp32", "the second is left out", Sum, "mov.f32 $1, $2;"),
        new("AddFp16Cuda", "add_fp16", "the upper clamp is the lower", @"setp\.gt\.f32", "setp.lt.f32", -1),
        new("UnaryFp32Cuda", "unary_fp32", "the next element is read", NextFloat, "$1+4]"),
        new("BinaryInt8Cuda", "binary_int8", "the sides are swapped", @"add\.rn\.f32 (%f\d+), (%f\d+), (%f\d+); // f", "add.rn.f32 $1, $3, $2; // f"),
        new("BinaryInt8Cuda", "binary_int8", "the output's zero point is forgotten",
            @"add\.s32(\s+)(%r\d+), (%r\d+), %r\d+;", "mov.u32$1$2, $3;", -1),
        new("BinaryFp32Cuda", "binary_fp32", "the sides are swapped", @"add\.rn\.f32 (%f\d+), (%f\d+), (%f\d+); // f", "add.rn.f32 $1, $3, $2; // f"),
        new("BinaryFp32Cuda", "binary_fp32", "a dimension is left out", @"div\.u32", "add.u32", 2),
        new("ConvertFp16Cuda", "widen_fp16", "the next element is read", @"(ld\.global\.u16\s+%rs\d+, \[%rd\d+)\]", "$1+2]"),
        new("ChannelMapCuda", "channel_map", "the map begins one channel late", @"(ld\.global\.u32\s+%r\d+, \[%rd\d+)\]", "$1+4]", 0),
        new("ResizeCuda", "resize", "weights are added", @"mul\.rn\.f32", "add.rn.f32", 0),
        new("SoftmaxFp32Cuda", "softmax_fp32", "the barrier before the largest is lost", @"bar\.sync 0;", "", 0),
        new("SoftmaxFp32Cuda", "softmax_fp32", "the barrier before the sum is lost", @"bar\.sync 0;", "", 1),
        new("SoftmaxFp32Cuda", "softmax_fp32", "sums are added up in another order", @"(ld\.shared\.f64\s+%fd\d+, \[%r\w+)\+16\]", "$1+40]"),
        new("NormalizeFp32Cuda", "normalize_fp32", "the barrier before the sums is lost", @"bar\.sync 0;", "", 0),
        new("NormalizeFp32Cuda", "normalize_fp32", "sums are added up in another order", @"(ld\.shared\.f32\s+%f\d+, \[%r\w+)\+32\]", "$1+36]"),
        new("NormalizeFp32Cuda", "normalize_fp32", "the root is left out", @"sqrt\.rn\.f64", "mov.f64"),
        new("InstanceNormFp32Cuda", "instance_norm_fp32", "distances are sums", @"sub\.rn\.f64", "add.rn.f64", 0),
        new("MatMulFp32Cuda", "matmul_fp32", "the barrier before the products is lost", @"bar\.sync 0;", "", 0),
        new("MatMulFp32Cuda", "matmul_fp32", "the barrier after the products is lost", @"bar\.sync 0;", "", 1),
        new("MatMulFp32Cuda", "matmul_fp32", "a chain is rounded twice",
            Fma, "{ .reg .f32 t; mul.rn.f32 t, $2, $3; add.rn.f32 $1, t, $4; }", 4),
        new("AttentionFp32Cuda", "attention_fp32", "the barrier before the largest is lost", @"bar\.sync 0;", "", 0),
        new("AttentionFp32Cuda", "attention_fp32", "the scale is left out", @"mul\.rn\.f32 (%f\d+), (%f\d+), %f\d+;", "mov.f32 $1, $2;", 0),
        new("AttentionFp32Cuda", "attention_fp32", "the mask is left out", Sum, "mov.f32 $1, $2;", 0),
    ];

    /// <summary>The module with the mistake in it; itself where the pattern fits nothing.</summary>
    public string In(string ptx)
    {
        int start = ptx.IndexOf($".entry {Function}(", StringComparison.Ordinal), end = ptx.IndexOf(".visible", start, StringComparison.Ordinal);
        string text = end < 0 ? ptx[start..] : ptx[start..end];
        var matches = Regex.Matches(text, Pattern);
        int seen = 0, wanted = Occurrence is -1 ? matches.Count - 1 : Occurrence ?? -1;
        string mutated = Regex.Replace(text, Pattern, m => seen++ == wanted || wanted < 0 && Occurrence is null ? m.Result(By) : m.Value);
        return ptx.Replace(text, mutated, StringComparison.Ordinal);
    }
}
