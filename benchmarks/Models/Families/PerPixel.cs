using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Networks that answer for every pixel: segmentation, detection, pictures from pictures.</summary>
internal static class PerPixel
{
    /// <summary>U-Net (Ronneberger et al., arXiv:1505.04597) with 16 to 128 channels, 3 levels, transposed convolutions, on 128x128.</summary>
    public static SeededGraph UNet()
    {
        var net = new SeededGraph("unet");
        string x = net.Input("input", 1, 3, 128, 128);
        var skips = new Stack<string>();
        for (int level = 0; level < 3; level++)
        {
            x = Pair(net, $"down{level}", x, 16 << level);
            skips.Push(x);
            x = net.MaxPool($"pool{level}", x);
        }

        x = Pair(net, "bottom", x, 128);
        for (int level = 2; level >= 0; level--)
            x = Pair(net, $"up{level}", net.Concat($"skip{level}", 1, skips.Pop(), net.UpConv($"upconv{level}", x, 16 << level)), 16 << level);
        return net.Output(net.Conv("mask", x, 2, 1));
    }

    /// <summary>ResNet-10 with a feature pyramid (Lin et al., arXiv:1612.03144) and RetinaNet's two heads (arXiv:1708.02002), on 256x256.</summary>
    public static SeededGraph RetinaNet()
    {
        const int Width = 64, Anchors = 9, Classes = 20;
        var net = new SeededGraph("fpn_retinanet");
        string x = net.MaxPool("maxpool", net.Relu("relu", net.Conv("conv1", net.Input("input", 1, 3, 256, 256), 32, 7, 2)), 3);
        var levels = new List<string>();
        for (int stage = 0; stage < 4; stage++)
        {
            x = Residual(net, $"stage{stage}", x, 32 << stage, stage > 0 ? 2 : 1);
            if (stage > 0) levels.Add(x);
        }

        string top = "";
        var outputs = new List<string>();
        for (int level = levels.Count - 1; level >= 0; level--)
        {
            string lateral = net.Conv($"lateral{level}", levels[level], Width, 1);
            top = top.Length == 0 ? lateral : net.Add($"merged{level}", lateral, net.Upsample($"upsampled{level}", top));
            string feature = net.Conv($"smooth{level}", top, Width, 3);
            foreach (var (head, filters) in new[] { ("class", Anchors * Classes), ("box", Anchors * 4) })
            {
                string y = net.Relu($"{head}{level}.relu", net.Conv($"{head}{level}.conv", feature, Width, 3));
                y = net.Conv($"{head}{level}.out", y, filters, 3);
                outputs.Add(head == "class" ? net.Map(OpTypes.Sigmoid, $"{head}{level}.scores", y) : y);
            }
        }

        return net.Output([.. outputs]);
    }

    /// <summary>DeepLab's head (Chen et al., arXiv:1706.05587): dilated branches, pooled branch, bilinear upsampling.</summary>
    public static SeededGraph DeepLab()
    {
        var net = new SeededGraph("deeplab_head");
        string x = net.Input("input", 1, 128, 32, 32);
        var branches = new List<string> { net.Relu("point.relu", net.Conv("point", x, 64, 1)) };
        foreach (int dilation in new[] { 6, 12, 18 })
            branches.Add(net.Relu($"rate{dilation}.relu", net.Conv($"rate{dilation}", x, 64, 3, dilation: dilation)));
        string pooled = net.Relu("pooled.relu", net.Conv("pooled", net.GlobalAveragePool("pool", x), 64, 1));
        branches.Add(net.Op(OpTypes.Expand, "spread", [1, 64, 32, 32], [pooled, net.Integers("spread.shape", 1, 64, 32, 32)]));
        x = net.Conv("classes", net.Relu("project.relu", net.Conv("project", net.Concat("joined", 1, [.. branches]), 64, 1)), 21, 1);
        return net.Output(net.Upsample("x4", net.Upsample("x2", x, "linear"), "linear"));
    }

    /// <summary>Fast style transfer (Johnson et al., arXiv:1603.08155) with instance normalisation and reflected padding, on 128x128.</summary>
    public static SeededGraph Style()
    {
        var net = new SeededGraph("style_transfer");
        string x = Normed(net, "conv1", net.Input("input", 1, 3, 128, 128), 16, 9, 1);
        x = Normed(net, "conv3", Normed(net, "conv2", x, 32, 3, 2), 64, 3, 2);
        for (int b = 0; b < 5; b++)
        {
            string y = Normed(net, $"res{b}.a", x, 64, 3, 1);
            x = net.Add($"res{b}.add", Normed(net, $"res{b}.b", y, 64, 3, 1, isLast: true), x);
        }

        x = Normed(net, "deconv1", net.Upsample("up1", x), 32, 3, 1);
        x = Normed(net, "deconv2", net.Upsample("up2", x), 16, 3, 1);
        return net.Output(net.Conv("out", x, 3, 9));
    }

    /// <summary>Generator of a GAN (Radford et al., arXiv:1511.06434): 100 numbers to 64x64 pixels.</summary>
    public static SeededGraph Generator()
    {
        var net = new SeededGraph("gan_generator");
        string x = net.Relu("in.relu", net.Reshape("seed", net.Linear("in", net.Input("input", 1, 100), 256 * 16), 1, 256, 4, 4));
        for (int filters = 128; filters >= 32; filters /= 2) x = net.Relu($"up{filters}.relu", net.UpConv($"up{filters}", x, filters));
        return net.Output(net.Map(OpTypes.Tanh, "picture", net.UpConv("rgb", x, 3)));
    }

    /// <summary>EDSR (Lim et al., arXiv:1707.02921) with 8 blocks of 32 channels: 64x64 to 128x128.</summary>
    public static SeededGraph Edsr()
    {
        var net = new SeededGraph("edsr_x2");
        string first = net.Conv("head", net.Input("input", 1, 3, 64, 64), 32, 3), x = first;
        for (int b = 0; b < 8; b++)
        {
            string y = net.Conv($"body{b}.b", net.Relu($"body{b}.relu", net.Conv($"body{b}.a", x, 32, 3)), 32, 3);
            x = net.Add($"body{b}.add", net.Mul($"body{b}.scaled", y, net.Filled($"body{b}.scale", 0.1f)), x);
        }

        x = net.Conv("up", net.Add("global", net.Conv("tail", x, 32, 3), first), 12, 3);
        return net.Output(net.Op(OpTypes.DepthToSpace, "picture", [1, 3, 128, 128], [x], ("blocksize", 2L), ("mode", "CRD")));
    }

    private static string Pair(SeededGraph net, string layer, string x, int filters) => net.Relu(
        $"{layer}.relu2", net.Conv($"{layer}.conv2", net.Relu($"{layer}.relu1", net.Conv($"{layer}.conv1", x, filters, 3)), filters, 3));

    private static string Residual(SeededGraph net, string block, string x, int filters, int stride)
    {
        string y = net.Conv($"{block}.conv2", net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, filters, 3, stride)), filters, 3, gain: 0.5);
        return net.Relu($"{block}.relu2", net.Add($"{block}.add", y, stride == 1 ? x : net.Conv($"{block}.shortcut", x, filters, 1, stride)));
    }

    private static string Normed(SeededGraph net, string layer, string x, int filters, int kernel, int stride, bool isLast = false)
    {
        string y = net.Conv(layer, x, filters, kernel, stride);
        y = net.Op(
            OpTypes.InstanceNormalization, $"{layer}.norm", net.Shape(y),
            [y, net.Filled($"{layer}.scale", 1, filters), net.Weights($"{layer}.shift", 0.01, filters)],
            ("epsilon", 1e-5f));
        return isLast ? y : net.Relu($"{layer}.relu", y);
    }
}
