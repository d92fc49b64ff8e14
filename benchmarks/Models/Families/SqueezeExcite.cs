using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Networks that scale their channels: squeeze-and-excitation (Hu et al., arXiv:1709.01507) and those built on it.</summary>
internal static class SqueezeExcite
{
    /// <summary>SE-ResNet-18 with 1x1 convolutions as the two dense layers.</summary>
    public static SeededGraph SeResNet18()
    {
        var net = new SeededGraph("se_resnet18");
        string x = net.MaxPool("maxpool", net.Relu("relu", net.Conv("conv1", net.Input("input", 1, 3, 224, 224), 64, 7, 2)), 3);
        for (int b = 0; b < 8; b++)
        {
            string block = $"block{b}";
            int filters = 64 << (b / 2), stride = b > 0 && b % 2 == 0 ? 2 : 1;
            string y = net.Conv(
                $"{block}.conv2", net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, filters, 3, stride)), filters, 3, gain: 0.2);
            y = Excite(net, block, y, filters / 16, OpTypes.Sigmoid);
            string shortcut = stride == 1 ? x : net.Conv($"{block}.downsample", x, filters, 1, stride, gain: 0.5);
            x = net.Relu($"{block}.relu2", net.Add($"{block}.add", y, shortcut));
        }

        return net.Classifier(x, 1000);
    }

    /// <summary>EfficientNet-B0, arXiv:1905.11946, table 1: expansion, filters, repeats, stride, kernel.</summary>
    public static SeededGraph EfficientNetB0()
    {
        (int Expansion, int Filters, int Repeats, int Stride, int Kernel)[] settings =
            [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)];
        var net = new SeededGraph("efficientnet_b0");
        string x = net.Silu("stem.silu", net.Conv("stem", net.Input("input", 1, 3, 224, 224), 32, 3, 2));
        foreach (var (expansion, filters, repeats, firstStride, kernel) in settings)
        {
            for (int r = 0; r < repeats; r++)
            {
                string block = $"block{net.Graph.Nodes.Count}", y = x;
                int channels = net.Shape(x)[1], inner = channels * expansion, stride = r == 0 ? firstStride : 1;
                if (expansion > 1) y = net.Silu($"{block}.silu1", net.Conv($"{block}.expand", y, inner, 1));
                y = net.Silu($"{block}.silu2", net.Conv($"{block}.depthwise", y, inner, kernel, stride, groups: inner));
                y = net.Conv($"{block}.project", Excite(net, block, y, Math.Max(1, channels / 4), null), filters, 1, gain: 0.5);
                x = stride == 1 && channels == filters ? net.Add($"{block}.add", y, x) : y;
            }
        }

        return net.Classifier(net.Silu("head.silu", net.Conv("head", x, 1280, 1)), 1000);
    }

    /// <summary>MobileNetV3-Small, arXiv:1905.02244, table 2: kernel, inner, filters, whether excited, whether HardSwish, stride.</summary>
    public static SeededGraph MobileNetV3Small()
    {
        (int Kernel, int Inner, int Filters, bool Excited, bool Swish, int Stride)[] settings =
        [
            (3, 16, 16, true, false, 2), (3, 72, 24, false, false, 2), (3, 88, 24, false, false, 1), (5, 96, 40, true, true, 2),
            (5, 240, 40, true, true, 1), (5, 240, 40, true, true, 1), (5, 120, 48, true, true, 1), (5, 144, 48, true, true, 1),
            (5, 288, 96, true, true, 2), (5, 576, 96, true, true, 1), (5, 576, 96, true, true, 1),
        ];
        var net = new SeededGraph("mobilenet_v3_small");
        string x = net.Map(OpTypes.HardSwish, "stem.hs", net.Conv("stem", net.Input("input", 1, 3, 224, 224), 16, 3, 2));
        for (int b = 0; b < settings.Length; b++)
        {
            var (kernel, inner, filters, excited, swish, stride) = settings[b];
            string block = $"block{b}", activation = swish ? OpTypes.HardSwish : OpTypes.Relu, y = x;
            int channels = net.Shape(x)[1];
            if (inner != channels) y = net.Map(activation, $"{block}.act1", net.Conv($"{block}.expand", y, inner, 1));
            y = net.Map(activation, $"{block}.act2", net.Conv($"{block}.depthwise", y, inner, kernel, stride, groups: inner));
            if (excited) y = Excite(net, block, y, inner / 4, OpTypes.HardSigmoid);
            y = net.Conv($"{block}.project", y, filters, 1, gain: 0.5);
            x = stride == 1 && channels == filters ? net.Add($"{block}.add", y, x) : y;
        }

        return net.Classifier(net.Map(OpTypes.HardSwish, "head.hs", net.Conv("head", x, 576, 1)), 1000);
    }

    /// <summary>RegNetY-400MF, arXiv:2003.13678, groups of 8 channels: widths and depths as in torchvision.</summary>
    public static SeededGraph RegNetY()
    {
        const int GroupWidth = 8;
        var net = new SeededGraph("regnety_400mf");
        string x = net.Relu("relu", net.Conv("stem", net.Input("input", 1, 3, 224, 224), 32, 3, 2));
        foreach (var (filters, depth) in new[] { (48, 1), (104, 3), (208, 6), (440, 6) })
        {
            for (int b = 0; b < depth; b++)
            {
                string block = $"stage{filters}.{b}";
                int stride = b == 0 ? 2 : 1, channels = net.Shape(x)[1];
                string y = net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, filters, 1));
                y = net.Relu($"{block}.relu2", net.Conv($"{block}.conv2", y, filters, 3, stride, filters / GroupWidth));
                y = net.Conv($"{block}.conv3", Excite(net, block, y, channels / 4, OpTypes.Sigmoid), filters, 1, gain: 0.3);
                string shortcut = b > 0 ? x : net.Conv($"{block}.shortcut", x, filters, 1, stride, gain: 0.5);
                x = net.Relu($"{block}.relu3", net.Add($"{block}.add", y, shortcut));
            }
        }

        return net.Classifier(x, 1000);
    }

    // A gate of null is the sigmoid behind a SiLU instead of a ReLU.
    private static string Excite(SeededGraph net, string block, string x, int squeezed, string? gate)
    {
        string pooled = net.Conv($"{block}.squeeze", net.GlobalAveragePool($"{block}.pool", x), squeezed, 1);
        pooled = gate is null ? net.Silu($"{block}.squeeze_silu", pooled) : net.Relu($"{block}.squeeze_relu", pooled);
        string excited = net.Conv($"{block}.excite", pooled, net.Shape(x)[1], 1);
        return net.Mul($"{block}.scale", x, net.Map(gate ?? OpTypes.Sigmoid, $"{block}.gate", excited));
    }
}
