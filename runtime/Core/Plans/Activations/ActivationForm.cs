using ResNetEdge.Model;
using ResNetEdge.Operators;
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

    /// <summary>What the nodes themselves compute, rounding as each of them does.</summary>
    /// <param name="index">The graph.</param>
    /// <param name="x">Any numbers.</param>
    public float[] Evaluate(GraphIndex index, float[] x)
    {
        var graph = new Graph();
        graph.Add(Input, Tensor.Vector<float>(x));
        foreach (var node in Nodes.OrderBy(index.Order))
        {
            foreach (string input in node.Inputs)
                if (index.Constant(input) is { } constant) graph.Initializers[input] = constant;
            graph.Add(node);
        }

        using var run = new ReferenceRun(graph);
        run.Evaluate();
        return run[Last.Output].As<float>().ToArray();
    }
}
