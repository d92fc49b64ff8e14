namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>ShuffleNetV2 x0.5, arXiv:1807.11164, table 5: halves of channels, joined and shuffled.</summary>
internal static class Shuffled
{
    /// <summary>As torchvision has it.</summary>
    public static SeededGraph ShuffleNetV2()
    {
        var net = new SeededGraph("shufflenet_v2_x0_5");
        string x = net.MaxPool("maxpool", net.Relu("relu", net.Conv("conv1", net.Input("input", 1, 3, 224, 224), 24, 3, 2)), 3);
        (int Filters, int Units)[] stages = [(48, 4), (96, 8), (192, 4)];
        foreach (var (filters, units) in stages)
            for (int u = 0; u < units; u++) x = Unit(net, $"stage{filters}.{u}", x, filters / 2, isFirst: u == 0);
        return net.Classifier(net.Relu("conv5.relu", net.Conv("conv5", x, 1024, 1)), 1000);
    }

    private static string Unit(SeededGraph net, string unit, string x, int half, bool isFirst)
    {
        int stride = isFirst ? 2 : 1, channels = net.Shape(x)[1];
        string left = isFirst ? x : net.Slice($"{unit}.left", x, 1, 0, half), right = isFirst ? x : net.Slice($"{unit}.right", x, 1, half, 2 * half);
        if (isFirst)
            left = net.Relu(
                $"{unit}.left_relu", net.Conv($"{unit}.left_point", net.Conv($"{unit}.left_depth", x, channels, 3, 2, channels), half, 1));
        right = net.Relu($"{unit}.relu1", net.Conv($"{unit}.conv1", right, half, 1));
        right = net.Relu($"{unit}.relu2", net.Conv($"{unit}.conv3", net.Conv($"{unit}.conv2", right, half, 3, stride, half), half, 1));
        string joined = net.Concat($"{unit}.concat", 1, left, right);
        int height = net.Shape(joined)[2], width = net.Shape(joined)[3];
        string split = net.Reshape($"{unit}.split", joined, 1, 2, half, height, width);
        return net.Reshape($"{unit}.shuffled", net.Transpose($"{unit}.swap", split, 0, 2, 1, 3, 4), 1, 2 * half, height, width);
    }
}
