using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Plans.Activations;

/// <summary>Several nodes that together apply a function of one number to every element of a value.</summary>
/// <param name="Name">What the function is called, for names of steps.</param>
/// <param name="Function">The function.</param>
/// <param name="Input">The value that it is applied to.</param>
/// <param name="Nodes">All nodes; the first one gives the result.</param>
internal sealed record ActivationForm(string Name, ElementFunction Function, string Input, IReadOnlyList<Node> Nodes)
{
    /// <summary>The node that gives the result.</summary>
    public Node Last => Nodes[0];
}
