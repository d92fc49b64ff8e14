using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Highway networks (Srivastava et al., arXiv:1505.00387): T · H + (1 − T) · x.</summary>
internal static class Gated
{
    /// <summary>Ten dense layers of 256.</summary>
    public static SeededGraph Dense()
    {
        var net = new SeededGraph("highway_dense");
        string x = net.Relu("in.relu", net.Linear("in", net.Input("input", 1, 784), 256));
        for (int l = 0; l < 10; l++)
        {
            string layer = $"layer{l}";
            x = Mix(net, layer, net.Relu($"{layer}.relu", net.Linear($"{layer}.plain", x, 256)), net.Linear($"{layer}.gate", x, 256), x);
        }

        net.Linear("logits", x, 10);
        return net.Output("logits");
    }

    /// <summary>Ten 3x3 convolutions of 32 channels on 32x32 pixels.</summary>
    public static SeededGraph Convolutional()
    {
        var net = new SeededGraph("highway_conv");
        string x = net.Relu("in.relu", net.Conv("in", net.Input("input", 1, 3, 32, 32), 32, 3));
        for (int l = 0; l < 10; l++)
        {
            string layer = $"layer{l}";
            x = Mix(net, layer, net.Relu($"{layer}.relu", net.Conv($"{layer}.plain", x, 32, 3)), net.Conv($"{layer}.gate", x, 32, 3), x);
        }

        return net.Classifier(x, 10);
    }

    private static string Mix(SeededGraph net, string layer, string plain, string gate, string x)
    {
        string t = net.Map(OpTypes.Sigmoid, $"{layer}.t", gate);
        string carried = net.Binary(OpTypes.Sub, $"{layer}.carry", net.Filled($"{layer}.one", 1), t);
        return net.Add(layer, net.Mul($"{layer}.transformed", plain, t), net.Mul($"{layer}.kept", x, carried));
    }
}
