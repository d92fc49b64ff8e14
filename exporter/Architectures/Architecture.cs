namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// A family of networks that can be told from parameter names and shapes. A new one is a file that
/// declares its blocks and a line in <see cref="ArchitectureTable"/>.
/// </summary>
internal abstract class Architecture
{
    /// <summary>The family's name, as <c>--arch</c> takes it.</summary>
    public abstract string Name { get; }

    /// <summary>What it covers, in one line for people.</summary>
    public abstract string Summary { get; }

    /// <summary>
    /// Height and width in pixels that its networks are usually trained on, given the parameters (a 7x7 stem speaks of large pictures).
    /// </summary>
    public abstract int DefaultInputSize(ParameterSource parameters);

    /// <summary>Declares the network block by block, from <see cref="GraphBuilder.Input"/> to <see cref="GraphBuilder.Classifier"/>.</summary>
    /// <returns>The network's usual name, e.g. <c>ResNet-20</c>, and its depth in weighted layers.</returns>
    /// <remarks>What does not fit is recorded in <see cref="GraphBuilder.Parameters"/>; the declaration goes on and need not look.</remarks>
    public abstract (string Model, int Depth) Declare(GraphBuilder net);
}
