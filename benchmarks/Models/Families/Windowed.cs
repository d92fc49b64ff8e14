using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Attention within windows of a picture, shifted in every second block (Liu et al., arXiv:2103.14030).</summary>
internal static class Windowed
{
    private const int Window = 7, Tokens = Window * Window, HeadWidth = 32;

    /// <summary>A Swin of two blocks a stage and widths of 64 to 512, as torchvision's exporter writes it.</summary>
    public static SeededGraph SwinSmallest()
    {
        var net = new SeededGraph("swin_2222");
        string patches = net.ConvOf("patch", net.Input("input", 1, 3, 224, 224), 64, [4, 4], [4, 4], 1, [1, 1]);
        string x = net.LayerNorm("patch.norm", net.Transpose("patch.last", patches, 0, 2, 3, 1));
        for (int stage = 0; stage < 4; stage++)
        {
            if (stage > 0) x = Merge(net, $"merge{stage}", x);
            for (int b = 0; b < 2; b++) x = Block(net, $"stage{stage}.{b}", x, b == 1 && net.Shape(x)[1] > Window ? Window / 2 : 0);
        }

        return net.Classifier(net.Transpose("norm.first", net.LayerNorm("norm", x), 0, 3, 1, 2), 1000);
    }

    private static string Block(SeededGraph net, string block, string x, int shift)
    {
        x = net.Add($"{block}.add1", x, Attend(net, block, net.LayerNorm($"{block}.norm1", x), shift));
        int width = net.Shape(x)[3];
        string inner = net.Gelu($"{block}.gelu", net.Linear($"{block}.mlp1", net.LayerNorm($"{block}.norm2", x), 4 * width));
        return net.Add($"{block}.add2", x, net.Linear($"{block}.mlp2", inner, width));
    }

    private static string Attend(SeededGraph net, string block, string x, int shift)
    {
        int size = net.Shape(x)[1], across = size / Window, windows = across * across, width = net.Shape(x)[3], heads = width / HeadWidth;
        if (shift > 0) x = Roll(net, $"{block}.roll", x, shift);
        x = net.Reshape($"{block}.tiles", x, 1, across, Window, across, Window, width);
        x = net.Reshape($"{block}.windows", net.Transpose($"{block}.tiled", x, 0, 1, 3, 2, 4, 5), windows, Tokens, width);
        string three = net.Reshape($"{block}.heads", net.Linear($"{block}.qkv", x, 3 * width), windows, Tokens, 3, heads, HeadWidth);
        three = net.Transpose($"{block}.parts", three, 2, 0, 3, 1, 4);
        string query = net.Mul($"{block}.scaled", Part(0), net.Filled($"{block}.scale", 1 / MathF.Sqrt(HeadWidth)));
        string scores = net.MatMul($"{block}.scores", query, net.Transpose($"{block}.key_t", Part(1), 0, 1, 3, 2));
        scores = net.Add($"{block}.placed", scores, net.Weights($"{block}.places", 0.02, 1, heads, Tokens, Tokens));
        if (shift > 0)
        {
            scores = net.Reshape($"{block}.by_window", scores, 1, windows, heads, Tokens, Tokens);
            scores = net.Add($"{block}.masked", scores, Mask(net, $"{block}.mask", windows));
            scores = net.Reshape($"{block}.by_head", scores, windows, heads, Tokens, Tokens);
        }

        string mixed = net.MatMul($"{block}.mixed", net.Map(OpTypes.Softmax, $"{block}.softmax", scores, ("axis", -1L)), Part(2));
        mixed = net.Reshape($"{block}.joined", net.Transpose($"{block}.tokens", mixed, 0, 2, 1, 3), windows, Tokens, width);
        mixed = net.Reshape($"{block}.untile", net.Linear($"{block}.out", mixed, width), 1, across, across, Window, Window, width);
        mixed = net.Reshape($"{block}.rows", net.Transpose($"{block}.untiled", mixed, 0, 1, 3, 2, 4, 5), 1, size, size, width);
        return shift > 0 ? Roll(net, $"{block}.back", mixed, size - shift) : mixed;

        string Part(int index) => net.Op(
            OpTypes.Gather, $"{block}.part{index}", [windows, heads, Tokens, HeadWidth], [three, net.Scalar($"{block}.index{index}", index)],
            ("axis", 0L));
    }

    /// <summary>Both axes of a picture turned by <paramref name="by"/> pixels, as two slices and a join.</summary>
    private static string Roll(SeededGraph net, string layer, string x, int by)
    {
        foreach (int axis in new[] { 1, 2 })
        {
            int size = net.Shape(x)[axis];
            x = net.Concat($"{layer}{axis}", axis,
                net.Slice($"{layer}{axis}.tail", x, axis, by, size), net.Slice($"{layer}{axis}.head", x, axis, 0, by));
        }

        return x;
    }

    /// <summary>A seeded mask of 0 and −100, for each window.</summary>
    private static string Mask(SeededGraph net, string layer, int windows)
    {
        var random = new Random(windows);
        float[] mask = new float[windows * Tokens * Tokens];
        for (int i = 0; i < mask.Length; i++) mask[i] = i % (Tokens + 1) != 0 && random.Next(4) == 0 ? -100 : 0;
        return net.Numbers(layer, mask, 1, windows, 1, Tokens, Tokens);
    }

    /// <summary>Four neighbours side by side, projected to twice the width.</summary>
    private static string Merge(SeededGraph net, string layer, string x)
    {
        int size = net.Shape(x)[1], width = net.Shape(x)[3];
        string Quarter(int row, int column) => net.Slice($"{layer}.{row}{column}",
            net.Slice($"{layer}.{row}{column}.rows", x, 1, row, size, 2), 2, column, size, 2);
        string joined = net.Concat($"{layer}.joined", 3, Quarter(0, 0), Quarter(1, 0), Quarter(0, 1), Quarter(1, 1));
        return net.Product($"{layer}.reduced", net.LayerNorm($"{layer}.norm", joined), 2 * width);
    }
}
