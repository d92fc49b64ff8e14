using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Channels normalised in groups, each with one mean and variance (Wu and He, arXiv:1803.08494; since 18): Reshape so that a group is a channel →
/// InstanceNormalization → Reshape back → Mul → Add. Scale and bias are one number for each group before operator set 21, one for each channel since.
/// </summary>
internal sealed class ConvertGroupNormalization : Conversion
{
    private const int PerChannelSince = 21;

    public override string OpType => "GroupNormalization";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(18, 3, 3, Float("epsilon"), Int("num_groups").Required()),
        new(PerChannelSince, 3, 3, Float("epsilon"), Int("num_groups").Required(), Int("stash_type").Only((long)ElementType.Float32)),
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var x = values.Of(node, node.Inputs[0]);
        if (x.Shape.Rank < 3) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; at least three dimensions are expected");
        int channels = x.Shape[1];
        long groups = node.Attributes.Int("num_groups", 0);
        if (groups < 1 || groups > Math.Max(1, channels) || channels % groups != 0)
            throw OperatorRules.Bad(node, $"its {channels} channels cannot be divided into {groups} groups");
        int parameters = opset < PerChannelSince ? (int)groups : channels;
        for (int i = 1; i < 3; i++)
            if (values.Of(node, node.Inputs[i]) is var given && given.Shape != new Shape(parameters))
                throw OperatorRules.Bad(node, $"input {i} has shape {given.Shape}; {parameters} values are expected");
        // A number for each group, when each channel of a group has the same one, is what InstanceNormalization multiplies by.
        bool isPerGroup = opset < PerChannelSince;
        string grouped = Reshaped(node, values, node.Inputs[0], "grouped", [x.Shape[0], groups, GroupSize(x.Shape, groups)]);
        string normal = values.Fresh($"{node.Name}.normal");
        string ones = isPerGroup ? node.Inputs[1] : Filled(node, values, x.Type, (int)groups, "ones", 1);
        string zeros = isPerGroup ? node.Inputs[2] : Filled(node, values, x.Type, (int)groups, "zeros", 0);
        var norm = new Node(OpTypes.InstanceNormalization, isPerGroup ? node.Name : normal, [grouped, ones, zeros], [normal]);
        if (node.Attributes["epsilon"] is { } epsilon) norm.With("epsilon", epsilon);
        values.Add(norm);
        long[] shape = [.. x.Shape.Dimensions.ToArray().Select(static d => (long)d)];
        if (isPerGroup)
        {
            Reshape(node, values, normal, $"{node.Name}.ungroup", node.Output, shape);
            return true;
        }

        string back = Reshaped(node, values, normal, "ungrouped", shape), scaled = values.Fresh($"{node.Name}.scaled");
        long[] perChannel = [channels, .. Enumerable.Repeat(1L, x.Shape.Rank - 2)];
        values.Add(new Node(OpTypes.Mul, scaled, [back, Reshaped(node, values, node.Inputs[1], "scale", perChannel)], [scaled]));
        values.Add(new Node(OpTypes.Add, node.Name, [scaled, Reshaped(node, values, node.Inputs[2], "bias", perChannel)], [node.Output]));
        return true;
    }

    private static long GroupSize(Shape x, long groups)
    {
        long size = x[1] / groups;
        foreach (int d in x.Dimensions[2..]) size *= d;
        return size;
    }

    private static string Reshaped(Node node, KnownValues values, string x, string what, long[] shape)
    {
        string name = values.Fresh($"{node.Name}.{what}");
        Reshape(node, values, x, name, name, shape);
        return name;
    }

    private static void Reshape(Node node, KnownValues values, string x, string name, string output, long[] shape) =>
        values.Add(new Node(OpTypes.Reshape, name, [x, values.AddConstant($"{node.Name}.shape", Tensor.Vector<long>(shape))], [output]));

    private static string Filled(Node node, KnownValues values, ElementType type, int count, string what, float value)
    {
        if (type != ElementType.Float32) throw OperatorRules.Bad(node, $"input 0 is {type}; only Float32 is supported there");
        float[] filled = new float[count];
        Array.Fill(filled, value);
        return values.AddConstant($"{node.Name}.{what}", Tensor.Vector<float>(filled));
    }
}
