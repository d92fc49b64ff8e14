using System.Globalization;
using System.Text;

namespace ResNetEdge.Backends.Cuda;

/// <summary>Instructions that are being recorded, one result each.</summary>
internal sealed class PtxText
{
    /// <summary>What stands for the function's operands and its result until they are known.</summary>
    public const string First = "$a", Second = "$b", Result = "$y";

    private readonly StringBuilder _text = new();
    private int _names;

    /// <summary>Records an instruction and returns its result's name.</summary>
    /// <param name="opcode">With its type: <c>add.rn.f32</c>.</param>
    /// <param name="type">Of the result: <c>b32</c>, <c>b64</c>, <c>pred</c>.</param>
    /// <param name="operands">Names and numbers.</param>
    public string Add(string opcode, string type, params ReadOnlySpan<string> operands)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"t{_names++}");
        _text.Append("\t.reg .").Append(type).Append(' ').Append(name).Append(";\n\t").Append(opcode).Append(' ').Append(name);
        foreach (string operand in operands) _text.Append(", ").Append(operand);
        _text.Append(";\n");
        return name;
    }

    /// <summary>All of it, the result stored.</summary>
    public string Finish(PtxFloat result) => $"{_text}\tmov.b32 {Result}, {result.Operand};\n";

    /// <summary>A number as PTX writes it.</summary>
    public static string Of(float value) => $"0f{BitConverter.SingleToUInt32Bits(value):X8}";

    /// <summary>A number as PTX writes it.</summary>
    public static string Of(double value) => $"0d{BitConverter.DoubleToUInt64Bits(value):X16}";
}
