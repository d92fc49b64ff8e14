using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Transformers, and convolutional networks of their shape.</summary>
internal static class Transformers
{
    /// <summary>ViT-Tiny of DeiT (Touvron et al., arXiv:2012.12877): 12 blocks, width 192, 3 heads, patches of 16x16.</summary>
    public static SeededGraph VitTiny()
    {
        const int Width = 192, Heads = 3, Tokens = 197;
        var net = new SeededGraph("vit_tiny");
        string patches = net.ConvOf("patch", net.Input("input", 1, 3, 224, 224), Width, [16, 16], [16, 16], 1, [1, 1]);
        string x = net.Transpose("tokens", net.Reshape("flat", patches, 1, Width, Tokens - 1), 0, 2, 1);
        x = net.Add(
            "embedded", net.Concat("with_class", 1, net.Weights("class", 0.02, 1, 1, Width), x), net.Weights("positions", 0.02, 1, Tokens, Width));
        for (int b = 0; b < 12; b++) x = Block(net, $"block{b}", x, Heads, null);
        net.Linear("logits", net.Reshape("first", net.Slice("class_token", net.LayerNorm("norm", x), 1, 0, 1), 1, Width), 1000);
        return net.Output("logits");
    }

    /// <summary>Four blocks of a GPT-2 of width 256 with 4 heads: one new token, 127 in the state.</summary>
    public static SeededGraph Gpt()
    {
        const int Width = 256, Heads = 4, Past = 127;
        var net = new SeededGraph("gpt_kv");
        string x = net.Input("input", 1, 1, Width);
        var states = new List<string>();
        for (int b = 0; b < 4; b++) x = Block(net, $"block{b}", x, Heads, states, Past);
        net.Linear("logits", net.LayerNorm("norm", x), 1024);
        return net.Output(["logits", .. states]);
    }

    /// <summary>ConvNeXt-Atto, arXiv:2201.03545: 2, 2, 6, 2 blocks of 40 to 320 channels.</summary>
    public static SeededGraph ConvNextAtto()
    {
        var net = new SeededGraph("convnext_atto");
        string x = net.ConvOf("stem", net.Input("input", 1, 3, 224, 224), 40, [4, 4], [4, 4], 1, [1, 1]);
        int[] repeats = [2, 2, 6, 2];
        for (int stage = 0; stage < 4; stage++)
        {
            if (stage > 0) x = net.ConvOf($"down{stage}", Norm(net, $"down{stage}.norm", x), 40 << stage, [2, 2], [2, 2], 1, [1, 1]);
            for (int r = 0; r < repeats[stage]; r++)
            {
                string block = $"stage{stage}.{r}";
                int channels = net.Shape(x)[1];
                string y = net.Transpose($"{block}.last", net.Conv($"{block}.depthwise", x, channels, 7, groups: channels), 0, 2, 3, 1);
                y = net.Gelu($"{block}.gelu", net.Linear($"{block}.expand", net.LayerNorm($"{block}.norm", y), 4 * channels));
                y = net.Mul($"{block}.scale", net.Linear($"{block}.project", y, channels), net.Weights($"{block}.gamma", 0.1, channels));
                x = net.Add($"{block}.add", x, net.Transpose($"{block}.first", y, 0, 3, 1, 2));
            }
        }

        return net.Classifier(x, 1000);
    }

    private static string Norm(SeededGraph net, string layer, string x) => net.Transpose(
        $"{layer}.first", net.LayerNorm(layer, net.Transpose($"{layer}.last", x, 0, 2, 3, 1)), 0, 3, 1, 2);

    private static string Block(SeededGraph net, string block, string x, int heads, List<string>? states, int past = 0)
    {
        int tokens = net.Shape(x)[1], width = net.Shape(x)[2], head = width / heads;
        string normed = net.LayerNorm($"{block}.norm1", x);
        string query = Heads("query", Part("query")), key = Heads("key", Part("key")), value = Heads("value", Part("value"));
        if (states is not null)
        {
            key = net.Concat($"{block}.keys", 2, net.Input($"{block}.past_key", 1, heads, past, head), key);
            value = net.Concat($"{block}.values", 2, net.Input($"{block}.past_value", 1, heads, past, head), value);
            states.AddRange([key, value]);
        }

        string scores = net.MatMul($"{block}.scores", query, net.Transpose($"{block}.key_t", key, 0, 1, 3, 2));
        scores = net.Mul($"{block}.scaled", scores, net.Filled($"{block}.scale", 1 / MathF.Sqrt(head)));
        string mixed = net.MatMul($"{block}.mixed", net.Map(OpTypes.Softmax, $"{block}.softmax", scores, ("axis", -1L)), value);
        mixed = net.Reshape($"{block}.joined", net.Transpose($"{block}.tokens", mixed, 0, 2, 1, 3), 1, tokens, width);
        x = net.Add($"{block}.add1", net.Linear($"{block}.out", mixed, width), x);
        string inner = net.Gelu($"{block}.gelu", net.Linear($"{block}.mlp1", net.LayerNorm($"{block}.norm2", x), 4 * width));
        return net.Add($"{block}.add2", net.Linear($"{block}.mlp2", inner, width), x);

        string Part(string name) => net.Linear($"{block}.{name}", normed, width);
        string Heads(string name, string part) =>
            net.Transpose($"{block}.{name}_heads", net.Reshape($"{block}.{name}_split", part, 1, tokens, heads, head), 0, 2, 1, 3);
    }
}
