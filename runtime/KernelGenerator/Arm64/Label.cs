namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>A place in the code, known once it is marked; branches to it may come earlier.</summary>
internal sealed class Label
{
    /// <summary>Instructions from the start of the code; null until it is marked.</summary>
    public int? Place { get; set; }
}
