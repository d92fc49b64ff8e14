using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// A slope for each channel as operator sets before 7 had it, a list along the second axis: a Reshape adds the axes behind it.
/// </summary>
internal sealed class ConvertPRelu : Conversion
{
    private const int Broadcasts = 7;

    public override string OpType => OpTypes.PRelu;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        Shape x = values.Of(node, node.Inputs[0]).Shape, slope = values.Of(node, node.Inputs[1]).Shape;
        bool isForChannels = opset < Broadcasts && slope.Rank == 1 && slope[0] > 1 && x.Rank > 2;
        if (isForChannels)
        {
            long[] to = [slope[0], .. Enumerable.Repeat(1L, x.Rank - 2)];
            string name = values.Fresh($"{node.Name}.slope");
            values.Add(new Node(OpTypes.Reshape, name, [node.Inputs[1], values.AddConstant($"{name}.shape", Tensor.Vector<long>(to))], [name]));
            node.Inputs[1] = name;
        }

        values.Add(node);
        return isForChannels;
    }
}
