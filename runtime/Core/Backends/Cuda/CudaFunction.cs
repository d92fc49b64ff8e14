using System.Security.Cryptography;
using System.Text;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cuda;

/// <summary>
/// A kernel that is written when a model is loaded: one of Functions.cuh with the instructions of a function, which are recorded by calling the
/// function with <see cref="PtxFloat"/>. So every function that the processor has runs on a GPU, with the same bits.
/// </summary>
internal sealed record CudaFunction
{
    private const string Mark = "// function";

    private readonly string _kernel, _body;

    private CudaFunction(string kernel, string body)
    {
        (_kernel, _body) = (kernel, body);
        Name = $"{kernel}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..16]}";
    }

    /// <summary>Of its entry; equal functions have equal names.</summary>
    public string Name { get; }

    /// <summary>Records a function of one value.</summary>
    public static CudaFunction Of(ElementFunction function) => function.GiveTo(new Unary());

    /// <summary>Records a function of two values.</summary>
    public static CudaFunction Of(BinaryFunction function, bool isInt8) => function.GiveTo(new Binary(isInt8 ? "binary_int8" : "binary_fp32"));

    /// <summary>The entry's text, made from the module that has the kernels of Functions.cuh.</summary>
    public string In(string module)
    {
        const string Entry = ".visible .entry ";
        int start = module.IndexOf($"{Entry}{_kernel}(", StringComparison.Ordinal), end = module.IndexOf(Entry, start + 1, StringComparison.Ordinal);
        string text = module[start..(end < 0 ? module.Length : end)].Replace($"{Entry}{_kernel}(", $"{Entry}{Name}(", StringComparison.Ordinal);
        var made = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            if (!line.EndsWith(Mark, StringComparison.Ordinal))
            {
                made.Append(line).Append('\n');
                continue;
            }

            // opcode result, value[, value];
            string[] operands = line[..^Mark.Length].Trim().TrimEnd(';').Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)[1..];
            made.Append("\t{\n").Append(_body.Replace(PtxText.First, operands[1], StringComparison.Ordinal)
                .Replace(PtxText.Second, operands[^1], StringComparison.Ordinal).Replace(PtxText.Result, operands[0], StringComparison.Ordinal));
            made.Append("\t}\n");
        }

        return made.ToString();
    }

    private sealed class Unary : IFunctionReceiver<CudaFunction>
    {
        public CudaFunction Take<TFunction>(TFunction function) where TFunction : struct, IFloatFunction
        {
            var text = new PtxText();
            return new("unary_fp32", text.Finish(function.Apply(new PtxFloat(text, PtxText.First))));
        }
    }

    private sealed class Binary(string kernel) : IBinaryReceiver<CudaFunction>
    {
        public CudaFunction Take<TFunction>(TFunction function) where TFunction : struct, IBinaryFunction
        {
            var text = new PtxText();
            return new(kernel, text.Finish(function.Apply(new PtxFloat(text, PtxText.First), new PtxFloat(text, PtxText.Second))));
        }
    }
}
