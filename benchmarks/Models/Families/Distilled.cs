using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Super-resolution by residual feature distillation (Liu et al., arXiv:2009.11551).</summary>
internal static class Distilled
{
    private const int Filters = 40, Kept = Filters / 2, Attended = Filters / 4;

    /// <summary>RFDN with 4 blocks of 40 channels: 64x64 to 128x128.</summary>
    public static SeededGraph Rfdn()
    {
        var net = new SeededGraph("rfdn_x2");
        string first = net.Conv("head", net.Input("input", 1, 3, 64, 64), Filters, 3), x = first;
        var blocks = new List<string>();
        for (int b = 0; b < 4; b++) blocks.Add(x = Block(net, $"block{b}", x));
        string joined = Leaky(net, "joined.leaky", net.Conv("joined.conv", net.Concat("joined", 1, [.. blocks]), Filters, 1));
        x = net.Conv("up", net.Add("global", net.Conv("tail", joined, Filters, 3), first), 12, 3);
        return net.Output(net.Op(OpTypes.DepthToSpace, "picture", [1, 3, 128, 128], [x], ("blocksize", 2L), ("mode", "CRD")));
    }

    private static string Block(SeededGraph net, string block, string x)
    {
        var kept = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            kept.Add(Leaky(net, $"{block}.kept{i}.leaky", net.Conv($"{block}.kept{i}", x, Kept, 1)));
            x = Leaky(net, $"{block}.rest{i}.leaky", net.Add($"{block}.rest{i}.add", net.Conv($"{block}.rest{i}", x, Filters, 3, gain: 0.3), x));
        }

        kept.Add(Leaky(net, $"{block}.last.leaky", net.Conv($"{block}.last", x, Kept, 3)));
        return Attend(net, block, net.Conv($"{block}.fuse", net.Concat($"{block}.concat", 1, [.. kept]), Filters, 1));
    }

    /// <summary>Enhanced spatial attention: a gate of each pixel, found on a ninth of the picture.</summary>
    private static string Attend(SeededGraph net, string block, string x)
    {
        string narrow = net.Conv($"{block}.narrow", x, Attended, 1), y = net.Conv($"{block}.half", narrow, Attended, 3, 2);
        y = net.MaxPool($"{block}.most", y, 7, 3, 0);
        y = net.Relu($"{block}.wide1.relu", net.Conv($"{block}.wide1", y, Attended, 3));
        y = net.Conv($"{block}.wide3", net.Relu($"{block}.wide2.relu", net.Conv($"{block}.wide2", y, Attended, 3)), Attended, 3);
        int[] whole = net.Shape(narrow);
        y = net.Op(OpTypes.Resize, $"{block}.spread", whole, [y, "", "", net.Integers($"{block}.sizes", [.. whole.Select(static d => (long)d)])],
            ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
        y = net.Conv($"{block}.widen", net.Add($"{block}.attended", y, net.Conv($"{block}.same", narrow, Attended, 1)), Filters, 1);
        return net.Mul($"{block}.scaled", x, net.Map(OpTypes.Sigmoid, $"{block}.gate", y));
    }

    private static string Leaky(SeededGraph net, string layer, string x) => net.Map(OpTypes.LeakyRelu, layer, x, ("alpha", 0.05f));
}
