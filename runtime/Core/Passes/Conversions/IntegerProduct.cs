using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>A product of two matrices of 8-bit codes, scaled to float.</summary>
internal static class IntegerProduct
{
    /// <summary>MatMulInteger → Cast → Mul by both scales [→ Add], the last of which gives the node's output.</summary>
    /// <param name="parts">Gets the nodes.</param>
    /// <param name="codes">The two matrices.</param>
    /// <param name="zeroPoints">Of each; empty where there is none.</param>
    /// <param name="scales">Of each; one number, or one for each column of the second matrix.</param>
    /// <param name="bias">One number for each column; empty where there is none.</param>
    public static void Add(StandIns parts, string[] codes, string[] zeroPoints, string[] scales, string bias)
    {
        string[] inputs = zeroPoints[1].Length > 0 ? [.. codes, .. zeroPoints] : zeroPoints[0].Length > 0 ? [.. codes, zeroPoints[0]] : codes;
        string sums = parts.Add(OpTypes.Cast, "sums", [parts.Add(OpTypes.MatMulInteger, "product", inputs)], ("to", (long)ElementType.Float32));
        string scale = parts.Add(OpTypes.Mul, "scales", scales);
        if (bias.Length == 0)
            parts.Give(0, OpTypes.Mul, [sums, scale]);
        else
            parts.Give(0, OpTypes.Add, [parts.Add(OpTypes.Mul, "scaled", [sums, scale]), bias]);
    }
}
