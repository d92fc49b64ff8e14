using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Networks over time: sound, signals, video, and faces, which have a slope for each channel.</summary>
internal static class Sequences
{
    /// <summary>Temporal convolutional network (Bai et al., arXiv:1803.01271): dilated 1-D convolutions with residual adds.</summary>
    public static SeededGraph Tcn()
    {
        var net = new SeededGraph("tcn");
        string x = net.ConvOf("in", net.Input("input", 1, 16, 256), 64, [1], [1], 1, [1]);
        for (int level = 0; level < 5; level++)
        {
            string y = net.Relu($"level{level}.relu1", net.ConvOf($"level{level}.conv1", x, 64, [3], [1], 1, [1 << level]));
            y = net.Relu($"level{level}.relu2", net.ConvOf($"level{level}.conv2", y, 64, [3], [1], 1, [1 << level]));
            x = net.Relu($"level{level}.relu3", net.Add($"level{level}.add", y, x));
        }

        return net.Classifier(x, 10);
    }

    /// <summary>R(2+1)D (Tran et al., arXiv:1711.11248) of two stages on 8 frames of 56x56.</summary>
    public static SeededGraph R2Plus1D()
    {
        var net = new SeededGraph("r2plus1d");
        string x = Factored(net, "stem", net.Input("input", 1, 3, 8, 56, 56), 16, 1);
        foreach (var (filters, stride) in new[] { (16, 1), (32, 2) })
        {
            string block = $"block{filters}";
            string y = Factored(net, $"{block}.b", Factored(net, $"{block}.a", x, filters, stride), filters, 1);
            string shortcut = stride == 1 ? x : net.ConvOf($"{block}.shortcut", x, filters, [1, 1, 1], [2, 2, 2], 1, [1, 1, 1]);
            x = net.Relu($"{block}.relu", net.Add($"{block}.add", y, shortcut));
        }

        return net.Classifier(x, 10);
    }

    /// <summary>Three recurrent layers of 128 units with residual adds over 64 steps.</summary>
    /// <param name="cell"><c>LSTM</c> or <c>GRU</c>.</param>
    public static SeededGraph Recurrent(string cell)
    {
        const int Units = 128, Steps = 64;
        var net = new SeededGraph($"residual_{(cell == OpTypes.LSTM ? "lstm" : "gru")}");
        string x = net.Linear("in", net.Input("input", Steps, 1, 40), Units);
        int gates = cell == OpTypes.LSTM ? 4 : 3;
        for (int l = 0; l < 3; l++)
        {
            string layer = $"layer{l}";
            (string, object)[] attributes =
                cell == OpTypes.LSTM ? [("hidden_size", (long)Units)] : [("hidden_size", (long)Units), ("linear_before_reset", 1L)];
            string y = net.Op(
                cell, layer, [Steps, 1, 1, Units],
                [x, net.Weights($"{layer}.w", 1.0 / Units, 1, gates * Units, Units), net.Weights($"{layer}.r", 1.0 / Units, 1, gates * Units, Units),
                    net.Weights($"{layer}.b", 0.01, 1, 2 * gates * Units)], attributes);
            x = net.Add($"{layer}.add", net.Reshape($"{layer}.squeezed", y, Steps, 1, Units), x);
        }

        net.Linear("logits", x, 12);
        return net.Output("logits");
    }

    /// <summary>iResNet of ArcFace (Deng et al., arXiv:1801.07698): norm first, a slope for each channel; an embedding of length 1.</summary>
    public static SeededGraph Face()
    {
        var net = new SeededGraph("iresnet_face");
        string x = Sloped(net, "stem.prelu", net.Conv("stem", net.Input("input", 1, 3, 112, 112), 32, 3));
        for (int stage = 0; stage < 4; stage++)
        {
            for (int b = 0; b < 2; b++)
            {
                string block = $"stage{stage}.{b}";
                int filters = 32 << stage, stride = b == 0 ? 2 : 1;
                string y = Sloped(net, $"{block}.prelu", net.Conv($"{block}.conv1", x, filters, 3));
                y = net.Conv($"{block}.conv2", y, filters, 3, stride, gain: 0.3);
                x = net.Add($"{block}.add", y, stride == 1 ? x : net.Conv($"{block}.shortcut", x, filters, 1, 2, gain: 0.5));
            }
        }

        string flat = net.Op(OpTypes.Flatten, "flatten", [1, 256 * 49], [x], ("axis", 1L));
        string embedding = net.Op(
            OpTypes.Gemm, "embedding", [1, 512], [flat, net.Weights("fc.weight", 1e-4, 512, 256 * 49), net.Weights("fc.bias", 0.01, 512)],
            ("transB", 1L));
        string norm = net.Op(OpTypes.ReduceL2, "norm", [1, 1], [embedding], ("axes", new long[] { 1 }), ("keepdims", 1L));
        return net.Output(net.Binary(OpTypes.Div, "unit", embedding, norm));
    }

    private static string Sloped(SeededGraph net, string layer, string x) =>
        net.Op(OpTypes.PRelu, layer, net.Shape(x), [x, net.Filled($"{layer}.slope", 0.25f, net.Shape(x)[1], 1, 1)]);

    private static string Factored(SeededGraph net, string layer, string x, int filters, int stride)
    {
        string spatial = net.Relu($"{layer}.relu1", net.ConvOf($"{layer}.space", x, filters, [1, 3, 3], [1, stride, stride], 1, [1, 1, 1]));
        return net.Relu($"{layer}.relu2", net.ConvOf($"{layer}.time", spatial, filters, [3, 1, 1], [stride, 1, 1], 1, [1, 1, 1]));
    }
}
