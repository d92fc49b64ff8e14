namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>An operand as it is written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Register (scoped), symbol or label name; for an address its base.</param>
/// <param name="Value">Of an immediate; for an address the bytes added to its base.</param>
/// <param name="Parts">Of a vector.</param>
internal sealed record PtxOperand(PtxOperandKind Kind, string Text, ulong Value = 0, IReadOnlyList<PtxOperand>? Parts = null)
{
    /// <summary>Whether a name is that of a register: numbered by the compiler, or declared in a scope of inline text.</summary>
    public static bool IsRegister(string name) => name[0] == '%' || name.Contains('#');
}
