namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>An instruction.</summary>
/// <param name="Opcode">With all its suffixes.</param>
/// <param name="Operands">In their order.</param>
/// <param name="Guard">Predicate register, or null.</param>
/// <param name="IsGuardNegated">Whether it runs where the predicate is false.</param>
/// <param name="Line">In the text, from 1.</param>
internal sealed record PtxStatement(string Opcode, IReadOnlyList<PtxOperand> Operands, string? Guard, bool IsGuardNegated, int Line);
