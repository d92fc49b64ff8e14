using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models;

/// <summary>
/// Networks of well-known shape with seeded random weights: what speed is measured on, and what needs no download. The same name gives
/// the same bytes everywhere. Answers mean nothing; activations stay within their ranges, so the arithmetic is that of a real network.
/// </summary>
internal static class SeededNetworks
{
    private const int Seed = 20151210; // arXiv:1512.03385
    private const int ImageNetClasses = 1000, CifarClasses = 10;

    /// <summary>Every network, by the name that torchvision gives it; CIFAR's as <c>cifar_resnetN</c>.</summary>
    public static IReadOnlyDictionary<string, Func<SeededLayers>> All { get; } = new Dictionary<string, Func<SeededLayers>>(StringComparer.Ordinal)
    {
        ["resnet18"] = () => ResNet("resnet18", [2, 2, 2, 2], bottleneck: false),
        ["resnet34"] = () => ResNet("resnet34", [3, 4, 6, 3], bottleneck: false),
        ["resnet50"] = () => ResNet("resnet50", [3, 4, 6, 3], bottleneck: true),
        ["resnet101"] = () => ResNet("resnet101", [3, 4, 23, 3], bottleneck: true),
        ["resnet152"] = () => ResNet("resnet152", [3, 8, 36, 3], bottleneck: true),
        ["resnext50_32x4d"] = () => ResNet("resnext50_32x4d", [3, 4, 6, 3], bottleneck: true, groups: 32, widthPerGroup: 4),
        ["wide_resnet50_2"] = () => ResNet("wide_resnet50_2", [3, 4, 6, 3], bottleneck: true, widthPerGroup: 128),
        ["mobilenet_v2"] = MobileNetV2,
        ["densenet121"] = () => DenseNet("densenet121", [6, 12, 24, 16], growth: 32),
        ["cifar_resnet20"] = () => CifarResNet(20),
        ["cifar_resnet32"] = () => CifarResNet(32),
        ["cifar_resnet44"] = () => CifarResNet(44),
        ["cifar_resnet56"] = () => CifarResNet(56),
        ["cifar_resnet110"] = () => CifarResNet(110),
        ["cifar_resnet1001"] = () => PreActivationResNet(1001),
        ["cifar_resnet1202"] = () => CifarResNet(1202),
    };

    /// <summary>The network in fp32.</summary>
    /// <exception cref="EdgeException">Exit 2: no network of that name.</exception>
    public static Graph Fp32(string name) => Make(name).Graph;

    /// <summary>The network as int8 QDQ.</summary>
    /// <exception cref="EdgeException">Exit 2: no network of that name.</exception>
    public static Graph Int8(string name) => Make(name).Quantized();

    private static SeededLayers Make(string name) => All.TryGetValue(name, out var make)
        ? make()
        : throw new EdgeException(FailureKind.Usage, $"unknown network '{name}'; known: {string.Join(", ", All.Keys)}");

    /// <summary>
    /// ResNet, arXiv:1512.03385, striding in the 3×3 as torchvision does; ResNeXt, arXiv:1611.05431; Wide ResNet, arXiv:1605.07146.
    /// </summary>
    private static SeededLayers ResNet(string name, int[] blocks, bool bottleneck, int groups = 1, int widthPerGroup = 64)
    {
        var net = new SeededLayers(name, Seed);
        string x = net.MaxPool("maxpool", net.Relu("relu", net.Conv("conv1", net.Input(3, 224, 224), 64, 7, 2)));
        double gain = 1.0 / blocks.Sum();
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            int width = 64 << stage, filters = bottleneck ? 4 * width : width;
            for (int b = 0; b < blocks[stage]; b++)
            {
                string block = $"layer{stage + 1}.{b}";
                int stride = stage > 0 && b == 0 ? 2 : 1;
                string y;
                if (bottleneck)
                {
                    int inner = width * widthPerGroup / 64 * groups;
                    y = net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, inner, 1));
                    y = net.Relu($"{block}.relu2", net.Conv($"{block}.conv2", y, inner, 3, stride, groups));
                    y = net.Conv($"{block}.conv3", y, filters, 1, gain: gain);
                }
                else
                {
                    y = net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, filters, 3, stride));
                    y = net.Conv($"{block}.conv2", y, filters, 3, gain: gain);
                }

                string shortcut = stride == 1 && net.Channels(x) == filters ? x : net.Conv($"{block}.downsample.0", x, filters, 1, stride, gain: 0.5);
                x = net.Relu($"{block}.relu", net.Add($"{block}.add", y, shortcut));
            }
        }

        net.Classifier("fc", x, ImageNetClasses);
        return net;
    }

    /// <summary>CIFAR ResNet of 6n + 2 layers, arXiv:1512.03385 §4.2, option A.</summary>
    private static SeededLayers CifarResNet(int depth)
    {
        var net = new SeededLayers($"cifar_resnet{depth}", Seed);
        int blocks = (depth - 2) / 6;
        string x = net.Relu("relu", net.Conv("conv1", net.Input(3, 32, 32), 16, 3));
        for (int stage = 0; stage < 3; stage++)
        {
            int filters = 16 << stage;
            for (int b = 0; b < blocks; b++)
            {
                string block = $"layer{stage + 1}.{b}";
                int stride = stage > 0 && b == 0 ? 2 : 1;
                string y = net.Relu($"{block}.relu1", net.Conv($"{block}.conv1", x, filters, 3, stride));
                y = net.Conv($"{block}.conv2", y, filters, 3, gain: 1.0 / (3 * blocks));
                x = net.Relu($"{block}.relu2", net.Add($"{block}.add", y, stride == 1 ? x : net.OptionA($"{block}.shortcut", x, filters)));
            }
        }

        net.Classifier("linear", x, CifarClasses);
        return net;
    }

    /// <summary>
    /// Pre-activation CIFAR ResNet of bottlenecks, 9n + 2 layers, arXiv:1603.05027 table 6; the
    /// norm before an activation is the 1×1 convolution of every channel on its own that it is.
    /// </summary>
    private static SeededLayers PreActivationResNet(int depth)
    {
        var net = new SeededLayers($"cifar_resnet{depth}", Seed);
        int blocks = (depth - 2) / 9;
        string x = net.Conv("conv1", net.Input(3, 32, 32), 16, 3);
        for (int stage = 0; stage < 3; stage++)
        {
            int width = 16 << stage, filters = 4 * width;
            for (int b = 0; b < blocks; b++)
            {
                string block = $"layer{stage + 1}.{b}";
                int stride = stage > 0 && b == 0 ? 2 : 1;
                string first = NormRelu(net, $"{block}.norm1", x);
                string y = net.Relu($"{block}.relu2", net.Conv($"{block}.conv1", first, width, 1));
                y = net.Relu($"{block}.relu3", net.Conv($"{block}.conv2", y, width, 3, stride));
                y = net.Conv($"{block}.conv3", y, filters, 1, gain: 1.0 / (3 * blocks));
                x = net.Add($"{block}.add", y, b == 0 ? net.Conv($"{block}.shortcut", first, filters, 1, stride) : x);
            }
        }

        net.Classifier("linear", NormRelu(net, "norm", x), CifarClasses);
        return net;
    }

    /// <summary>MobileNetV2, arXiv:1801.04381, table 2: expansion, filters, repeats, stride.</summary>
    private static SeededLayers MobileNetV2()
    {
        (int Expansion, int Filters, int Repeats, int Stride)[] settings =
            [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
        var net = new SeededLayers("mobilenet_v2", Seed);
        string x = net.Relu6("features.0.relu", net.Conv("features.0.conv", net.Input(3, 224, 224), 32, 3, 2));
        int index = 1;
        foreach (var (expansion, filters, repeats, firstStride) in settings)
        {
            for (int r = 0; r < repeats; r++, index++)
            {
                int stride = r == 0 ? firstStride : 1, inner = net.Channels(x) * expansion;
                string block = $"features.{index}", y = x;
                if (expansion > 1) y = net.Relu6($"{block}.relu1", net.Conv($"{block}.expand", y, inner, 1, gain: 0.5));
                y = net.Relu6($"{block}.relu2", net.Conv($"{block}.depthwise", y, inner, 3, stride, groups: inner));
                bool isResidual = stride == 1 && net.Channels(x) == filters;
                y = net.Conv($"{block}.project", y, filters, 1, gain: isResidual ? 0.1 : 1);
                x = isResidual ? net.Add($"{block}.add", y, x) : y;
            }
        }

        net.Classifier("classifier", net.Relu6("features.18.relu", net.Conv("features.18.conv", x, 1280, 1, gain: 0.5)), ImageNetClasses);
        return net;
    }

    /// <summary>
    /// DenseNet, arXiv:1608.06993; a batch norm that no convolution can take is the 1×1 convolution of every channel on its own that it is.
    /// </summary>
    private static SeededLayers DenseNet(string name, int[] layers, int growth)
    {
        var net = new SeededLayers(name, Seed);
        string x = net.MaxPool("pool0", net.Relu("relu0", net.Conv("conv0", net.Input(3, 224, 224), 2 * growth, 7, 2)));
        for (int b = 0; b < layers.Length; b++)
        {
            for (int l = 0; l < layers[b]; l++)
            {
                string layer = $"denseblock{b + 1}.denselayer{l + 1}";
                string y = net.Conv($"{layer}.conv1", NormRelu(net, $"{layer}.norm1", x), 4 * growth, 1);
                x = net.Concat($"{layer}.concat", [x, net.Conv($"{layer}.conv2", net.Relu($"{layer}.relu2", y), growth, 3)]);
            }

            string transition = $"transition{b + 1}";
            if (b + 1 < layers.Length)
                x = net.AveragePool(
                    $"{transition}.pool", net.Conv($"{transition}.conv", NormRelu(net, $"{transition}.norm", x), net.Channels(x) / 2, 1));
        }

        net.Classifier("classifier", NormRelu(net, "norm5", x), ImageNetClasses);
        return net;
    }

    private static string NormRelu(SeededLayers net, string norm, string value) =>
        net.Relu($"{norm}.relu", net.Conv(norm, value, net.Channels(value), 1, groups: net.Channels(value), gain: 0.5));
}
