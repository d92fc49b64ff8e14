using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Plans;

/// <summary>
/// Which values of rank 4 are pictures N C H W, as steps with the channels innermost make and read them, and which hold rows of something else, such
/// as the tokens of a transformer. A wrong answer costs a change of layout and nothing else.
/// </summary>
internal sealed class PictureValues
{
    private readonly HashSet<string> _pictures = new(StringComparer.Ordinal);

    /// <summary>Goes over a graph once, in its order.</summary>
    public PictureValues(GraphIndex index)
    {
        foreach (var input in index.Graph.Inputs)
            if (index.Consumers(input.Name).Any(static n => OperatorTable.TraitsOf(n).ReadsChannelsInnermost)) _pictures.Add(input.Name);
        foreach (var node in index.Graph.Nodes)
        {
            if (!MakesPictures(index, node)) continue;
            foreach (string output in node.Outputs)
                if (output.Length > 0 && index.Info(output).Shape.Rank == 4) _pictures.Add(output);
        }
    }

    /// <summary>Whether a value is a picture.</summary>
    public bool Holds(string value) => _pictures.Contains(value);

    private bool MakesPictures(GraphIndex index, Node node)
    {
        if (OperatorTable.TraitsOf(node).ReadsChannelsInnermost) return true;
        switch (node.OpType)
        {
            case OpTypes.Transpose:
                return index.Info(node.Output).Shape.Rank == 4 && !_pictures.Contains(node.Inputs[0])
                    && Transpose.Permutation(node, 4).AsSpan().SequenceEqual([0L, 3, 1, 2]);
            case OpTypes.LayerNormalization or OpTypes.MatMul or OpTypes.Gemm:
                return false;
            case OpTypes.Reshape:
                return _pictures.Contains(node.Inputs[0]) && index.Info(node.Output).Shape == index.Info(node.Inputs[0]).Shape;
            default:
                return node.Inputs.Exists(_pictures.Contains);
        }
    }
}
