namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Classifiers of convolutions alone that are built otherwise than ResNet.</summary>
internal static class Classifiers
{
    /// <summary>ResNet-18-D (He et al., arXiv:1812.01187): three 3x3 convolutions first, shortcuts that take the mean before they project.</summary>
    public static SeededGraph ResNet18D()
    {
        var net = new SeededGraph("resnet18_d");
        string x = net.Input("input", 1, 3, 224, 224);
        for (int i = 0; i < 3; i++) x = net.Relu($"stem{i}.relu", net.Conv($"stem{i}", x, i < 2 ? 32 : 64, 3, i == 0 ? 2 : 1));
        x = net.MaxPool("maxpool", x, 3);
        for (int b = 0; b < 8; b++)
        {
            string block = $"block{b}";
            int filters = 64 << (b / 2), stride = b > 0 && b % 2 == 0 ? 2 : 1;
            string y = net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, filters, 3, stride));
            y = net.Conv($"{block}.conv2", y, filters, 3, gain: 0.2);
            string shortcut = stride == 1 ? x : net.Conv($"{block}.downsample", net.HalfByMean($"{block}.mean", x), filters, 1, gain: 0.5);
            x = net.Relu($"{block}.relu2", net.Add($"{block}.add", y, shortcut));
        }

        return net.Classifier(x, 1000);
    }

    /// <summary>MnasNet 1.0, arXiv:1807.11626, figure 7 as torchvision has it: filters, kernel, stride, expansion, repeats.</summary>
    public static SeededGraph MnasNet()
    {
        (int Filters, int Kernel, int Stride, int Expansion, int Repeats)[] stacks =
            [(24, 3, 2, 3, 3), (40, 5, 2, 3, 3), (80, 5, 2, 6, 3), (96, 3, 1, 6, 2), (192, 5, 2, 6, 4), (320, 3, 1, 6, 1)];
        var net = new SeededGraph("mnasnet1_0");
        string x = net.Relu("stem.relu", net.Conv("stem", net.Input("input", 1, 3, 224, 224), 32, 3, 2));
        x = net.Conv("separable.point", net.Relu("separable.relu", net.Conv("separable.depth", x, 32, 3, groups: 32)), 16, 1);
        foreach (var (filters, kernel, firstStride, expansion, repeats) in stacks)
        {
            for (int r = 0; r < repeats; r++)
            {
                string block = $"stack{filters}.{r}";
                int channels = net.Shape(x)[1], inner = channels * expansion;
                string y = net.Relu($"{block}.relu1", net.Conv($"{block}.expand", x, inner, 1));
                y = net.Relu($"{block}.relu2", net.Conv($"{block}.depthwise", y, inner, kernel, r == 0 ? firstStride : 1, inner));
                y = net.Conv($"{block}.project", y, filters, 1, gain: 0.5);
                x = r > 0 ? net.Add($"{block}.add", y, x) : y;
            }
        }

        return net.Classifier(net.Relu("head.relu", net.Conv("head", x, 1280, 1)), 1000);
    }

    /// <summary>GoogLeNet (Szegedy et al., arXiv:1409.4842), table 1, with 3x3 for 5x5 as torchvision has it: branches that are joined.</summary>
    public static SeededGraph GoogLeNet()
    {
        (string Name, int Point, int Reduce3, int Filters3, int Reduce5, int Filters5, int Pooled)[] modules =
        [
            ("3a", 64, 96, 128, 16, 32, 32), ("3b", 128, 128, 192, 32, 96, 64), ("4a", 192, 96, 208, 16, 48, 64), ("4b", 160, 112, 224, 24, 64, 64),
            ("4c", 128, 128, 256, 24, 64, 64), ("4d", 112, 144, 288, 32, 64, 64), ("4e", 256, 160, 320, 32, 128, 128),
            ("5a", 256, 160, 320, 32, 128, 128), ("5b", 384, 192, 384, 48, 128, 128),
        ];
        var net = new SeededGraph("googlenet");
        string x = net.MaxPool("pool1", Active(net, "conv1", net.Input("input", 1, 3, 224, 224), 64, 7, 2), 3);
        x = net.MaxPool("pool2", Active(net, "conv3", Active(net, "conv2", x, 64, 1), 192, 3), 3);
        foreach (var (name, point, reduce3, filters3, reduce5, filters5, pooled) in modules)
        {
            if (name is "4a" or "5a") x = net.MaxPool($"pool{name}", x, 3);
            string three = Active(net, $"{name}.three", Active(net, $"{name}.reduce3", x, reduce3, 1), filters3, 3);
            string five = Active(net, $"{name}.five", Active(net, $"{name}.reduce5", x, reduce5, 1), filters5, 3);
            string most = Active(net, $"{name}.pooled", net.MaxPool($"{name}.pool", x, 3, 1), pooled, 1);
            x = net.Concat($"{name}.joined", 1, Active(net, $"{name}.point", x, point, 1), three, five, most);
        }

        return net.Classifier(x, 1000);
    }

    private static string Active(SeededGraph net, string layer, string x, int filters, int kernel, int stride = 1) =>
        net.Relu($"{layer}.relu", net.Conv(layer, x, filters, kernel, stride));
}
