namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>What an operand of a <see cref="PtxStatement"/> is.</summary>
internal enum PtxOperandKind
{
    Register,
    Immediate,
    Symbol,
    Address,
    Vector,
    Label,
}
