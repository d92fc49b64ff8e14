using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Architectures;

/// <summary>
/// State dicts with the names and shapes that torch code gives residual networks; the values are
/// zeros of one buffer, each tensor's at a place of its own.
/// </summary>
internal sealed class MadeUpWeights
{
    private static readonly byte[] Zeros = new byte[80 << 20];

    public List<(string Name, int[] Shape)> Parameters { get; } = [];

    public ElementType Type { get; set; } = ElementType.Float32;

    /// <summary>He et al. §4.2: three stages of n basic blocks.</summary>
    public static MadeUpWeights Cifar(int n, string? shortcut = null, int channels = 3, int classes = 10, string head = "linear")
    {
        var weights = new MadeUpWeights().Conv("conv1", 16, channels, 3).Bn("bn1", 16);
        int width = 16;
        for (int stage = 1; stage <= 3; stage++)
        {
            for (int block = 0; block < n; block++)
            {
                int to = 8 << stage;
                string at = $"layer{stage}.{block}";
                weights.Conv($"{at}.conv1", to, width, 3).Bn($"{at}.bn1", to).Conv($"{at}.conv2", to, to, 3).Bn($"{at}.bn2", to);
                if (shortcut is not null && width != to) weights.Conv($"{at}.{shortcut}.0", to, width, 1).Bn($"{at}.{shortcut}.1", to);
                width = to;
            }
        }

        return weights.Add($"{head}.weight", classes, width).Add($"{head}.bias", classes);
    }

    /// <summary>
    /// torchvision's ResNet: four stages, 1000 classes; bottlenecks of <paramref name="groups"/>
    /// groups, <paramref name="groupWidth"/> channels each at planes 64.
    /// </summary>
    public static MadeUpWeights Torchvision(int[] blocks, bool bottleneck, int groups = 1, int groupWidth = 64)
    {
        var weights = new MadeUpWeights().Conv("conv1", 64, 3, 7).Bn("bn1", 64);
        int width = 64;
        for (int stage = 1; stage <= 4; stage++)
        {
            int planes = 32 << stage, to = bottleneck ? planes * 4 : planes, inner = planes * groupWidth / 64 * groups;
            for (int block = 0; block < blocks[stage - 1]; block++)
            {
                string at = $"layer{stage}.{block}";
                if (bottleneck)
                {
                    weights.Conv($"{at}.conv1", inner, width, 1).Bn($"{at}.bn1", inner)
                        .Conv($"{at}.conv2", inner, inner / groups, 3).Bn($"{at}.bn2", inner)
                        .Conv($"{at}.conv3", to, inner, 1).Bn($"{at}.bn3", to);
                }
                else
                {
                    weights.Conv($"{at}.conv1", to, width, 3).Bn($"{at}.bn1", to).Conv($"{at}.conv2", to, to, 3).Bn($"{at}.bn2", to);
                }

                if (block == 0 && (stage > 1 || width != to)) weights.Conv($"{at}.downsample.0", to, width, 1).Bn($"{at}.downsample.1", to);
                width = to;
            }
        }

        return weights.Add("fc.weight", 1000, width).Add("fc.bias", 1000);
    }

    public MadeUpWeights Add(string name, params int[] shape)
    {
        Parameters.Add((name, shape));
        return this;
    }

    public MadeUpWeights Without(string name)
    {
        Assert.Equal(1, Parameters.RemoveAll(p => p.Name == name));
        return this;
    }

    public MadeUpWeights With(string name, params int[] shape)
    {
        int at = Parameters.FindIndex(p => p.Name == name);
        Parameters[at] = (name, shape);
        return this;
    }

    public StateDict Build() => new("test.pth", "made up",
        Parameters.Select((p, i) => new KeyValuePair<string, Tensor>(p.Name, Zero(p.Name, new Shape(p.Shape), sizeof(long) * i))),
        new Dictionary<string, string>());

    /// <summary>The same under other names.</summary>
    public MadeUpWeights Named(Func<string, string> name)
    {
        for (int i = 0; i < Parameters.Count; i++) Parameters[i] = (name(Parameters[i].Name), Parameters[i].Shape);
        return this;
    }

    private MadeUpWeights Conv(string name, int to, int from, int kernel) => Add($"{name}.weight", to, from, kernel, kernel);

    private MadeUpWeights Bn(string name, int channels) => Add($"{name}.weight", channels).Add($"{name}.bias", channels)
        .Add($"{name}.running_mean", channels).Add($"{name}.running_var", channels).Add($"{name}.num_batches_tracked");

    private Tensor Zero(string name, Shape shape, int at)
    {
        var type = name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? ElementType.Int64 : Type;
        return new Tensor(type, shape, Zeros.AsMemory(at, shape.ElementCount * type.Size()));
    }
}
