using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>Reshapes around a product of more than two axes, after which its rows are those of a matrix; a Reshape needs no step.</summary>
internal static class RowReshapes
{
    /// <summary>Puts Reshape to [rows][K] before a product and Reshape to the output's shape behind it.</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="names">Names not taken.</param>
    /// <param name="at">Where the product stands among the nodes; afterwards it is one further.</param>
    /// <param name="product">The product; its first input and its output are renamed.</param>
    /// <param name="input">Shape of the first input.</param>
    /// <param name="output">Shape of the output.</param>
    public static void Around(Graph graph, FreshNames names, int at, Node product, Shape input, Shape output)
    {
        string rows = names.Of($"{product.Name}.rows"), made = names.Of($"{product.Name}.product");
        var before = Reshape(graph, names, rows, product.Inputs[0], [input.ElementCount / input[^1], input[^1]]);
        var after = Reshape(graph, names, product.Output, made, output.Dimensions);
        graph.MarkLike(product.Inputs[0], rows);
        graph.MarkLike(product.Output, made);
        product.Inputs[0] = rows;
        product.Outputs[0] = made;
        graph.Nodes.Insert(at, before);
        graph.Nodes.Insert(at + 2, after);
    }

    private static Node Reshape(Graph graph, FreshNames names, string output, string input, ReadOnlySpan<int> shape)
    {
        long[] sizes = new long[shape.Length];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = shape[d];
        string constant = graph.AddConstant(names, $"{output}.shape", Tensor.Vector<long>(sizes));
        return new Node(OpTypes.Reshape, names.Of($"{output}.reshape"), [input, constant], [output]);
    }
}
