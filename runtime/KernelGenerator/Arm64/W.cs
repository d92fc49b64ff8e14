namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>The lower 32 bits of a general register.</summary>
internal readonly record struct W(int Number);
