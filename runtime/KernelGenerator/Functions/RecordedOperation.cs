namespace ResNetEdge.KernelGenerator.Functions;

/// <summary>One operation of a function.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Operands">Numbers of the values that it reads.</param>
/// <param name="Result">Number of the value that it gives.</param>
internal sealed record RecordedOperation(Operation Operation, int[] Operands, int Result);
