using ResNetEdge.CommandLine;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// The blocks of He et al., arXiv:1512.03385 (post-activation) and arXiv:1603.05027 (pre-activation), under the names that torch code gives their
/// parameters: conv1, bn1, conv2, bn2 and, in a bottleneck, conv3, bn3; a projection shortcut is <c>downsample</c> or <c>shortcut</c>.
/// </summary>
internal static class ResidualBlocks
{
    /// <summary>What a block does when its shortcut must change shape and has no parameters.</summary>
    public enum ParameterFreeShortcut
    {
        /// <summary>It cannot: a projection must be there.</summary>
        None,

        /// <summary>Option A of He et al. §4.1: subsample, then zeros for the new channels, a quarter of all before and behind.</summary>
        OptionA,
    }

    /// <summary>The prefixes of a stage's blocks: <c>layer1.0</c>, <c>layer1.1</c> ...; at least one, so that an absent stage is reported.</summary>
    public static IEnumerable<string> Of(ParameterSource parameters, string stage)
    {
        int block = 0;
        do yield return $"{stage}.{block++}";
        while (parameters.Has($"{stage}.{block}.conv1.weight"));
    }

    /// <summary>Convolutions on a block's branch: 3 in a bottleneck, else 2.</summary>
    public static int Depth(ParameterSource parameters, string block) => parameters.Has($"{block}.conv3.weight") ? 3 : 2;

    /// <summary>conv-bn-relu ... conv-bn, add the shortcut, relu. A bottleneck's 3x3 convolution may be grouped.</summary>
    public static Activation PostActivation(
        GraphBuilder net, string block, Activation x, BlockPlace place, ParameterFreeShortcut free = ParameterFreeShortcut.None)
    {
        bool bottleneck = Depth(net.Parameters, block) == 3;
        int depth = bottleneck ? 3 : 2;
        var y = x;
        for (int i = 1; i <= depth; i++)
        {
            y = Conv(net, $"{block}.conv{i}", y, i, bottleneck, place);
            y = net.BatchNorm($"{block}.bn{i}", y);
            if (i < depth) y = net.Activate($"{block}.relu{i}", y);
        }

        string last = $"{block}.conv{depth}.weight";
        var shortcut = Projection(net.Parameters, block) is { } prefix ? Project(net, prefix, x, place.Stride)
            : free == ParameterFreeShortcut.OptionA && (place.Stride != 1 || x.Channels != y.Channels) ? OptionA(net, block, x, y.Channels, place)
            : x;
        return net.Activate($"{block}.relu{depth}", net.Add($"{block}.add", y, shortcut, last));
    }

    /// <summary>
    /// bn-relu-conv, twice or thrice, add the shortcut. A projection named <c>shortcut</c> sees the first bn-relu's output, one named
    /// <c>downsample</c> the block's input: so do the code lines that use these names.
    /// </summary>
    public static Activation PreActivation(GraphBuilder net, string block, Activation x, BlockPlace place)
    {
        bool bottleneck = Depth(net.Parameters, block) == 3;
        int depth = bottleneck ? 3 : 2;
        var (y, first) = (x, x);
        for (int i = 1; i <= depth; i++)
        {
            y = net.Activate($"{block}.relu{i}", net.BatchNorm($"{block}.bn{i}", y));
            if (i == 1) first = y;
            y = Conv(net, $"{block}.conv{i}", y, i, bottleneck, place);
        }

        var shortcut = Projection(net.Parameters, block) is { } prefix
            ? Project(net, prefix, prefix.EndsWith(".shortcut", StringComparison.Ordinal) ? first : x, place.Stride) : x;
        return net.Add($"{block}.add", y, shortcut, $"{block}.conv{depth}.weight");
    }

    // Convolution i of a branch, counted from 1.
    private static Activation Conv(GraphBuilder net, string name, Activation x, int i, bool bottleneck, BlockPlace place)
    {
        if (!bottleneck) return net.Conv(name, x, 3, i == 1 ? place.Stride : 1, dilation: i == 1 ? place.FirstDilation : place.Dilation);
        var (first, second) = net.BottleneckStrides(place.Stride);
        return i == 2 ? net.Conv(name, x, 3, second, grouped: true, dilation: place.FirstDilation) : net.Conv(name, x, 1, i == 1 ? first : 1);
    }

    private static string? Projection(ParameterSource parameters, string block)
    {
        string prefix = parameters.FirstPresent(".0.weight", $"{block}.downsample", $"{block}.shortcut");
        return parameters.Has($"{prefix}.0.weight") ? prefix : null;
    }

    // 1x1 convolution, and batch normalisation where there is one (pre-activation networks have none).
    private static Activation Project(GraphBuilder net, string prefix, Activation x, int stride)
    {
        var y = net.Conv($"{prefix}.0", x, 1, stride);
        return net.Parameters.Has($"{prefix}.1.weight") ? net.BatchNorm($"{prefix}.1", y) : y;
    }

    // A stage that dilates widens without subsampling.
    private static Activation OptionA(GraphBuilder net, string block, Activation x, int channels, BlockPlace place)
    {
        int pad = channels / 4;
        bool dilates = place.Dilation > place.FirstDilation;
        if (place.Stride != 2 && !dilates || x.Channels + 2 * pad != channels)
            net.Parameters.Misfit(
                $"{block}.shortcut.0.weight",
                $"is missing, and a shortcut without parameters cannot turn {x.Channels} channels into {channels} at stride {place.Stride}");
        return net.PadChannels($"{block}.shortcut.pad", place.Stride == 1 ? x : net.Subsample($"{block}.shortcut.slice", x), pad, pad);
    }
}
