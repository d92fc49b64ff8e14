using ResNetEdge.Backends.Cpu.Conv.Winograd;

namespace ResNetEdge.Steps;

/// <summary>The plan's decision to compute a convolution by Winograd's method, and the memory that this needs.</summary>
/// <param name="Outputs">Output pixels along a side of a tile: 2 or 4.</param>
/// <param name="Scratch">Transformed inputs and products, <see cref="WinogradLayout.PartBytes"/> for each thread.</param>
internal readonly record struct WinogradChoice(int Outputs, Scratch Scratch);
