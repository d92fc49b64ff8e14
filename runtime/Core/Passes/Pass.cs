using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>A rewrite of a graph that standard ONNX can express and that leaves its numbers the same within a stated bound. One file each.</summary>
internal abstract class Pass
{
    /// <summary>A verb and both ends, also the file's name.</summary>
    public string Name => GetType().Name;

    /// <summary>Largest difference of an output, relative to the largest output; 0 when bits stay equal.</summary>
    public virtual double Bound => 0;

    /// <summary>Rewrites the graph in place wherever the pass applies. A second run changes nothing.</summary>
    /// <returns>Whether anything changed.</returns>
    public abstract bool Run(Graph graph);
}
