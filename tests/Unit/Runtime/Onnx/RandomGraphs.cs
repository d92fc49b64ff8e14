using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

/// <summary>Seeded random graphs that are well-formed ONNX, not networks that make sense: for readers and writers, not for engines.</summary>
internal static class RandomGraphs
{
    private static readonly ElementType[] Types = [.. Enum.GetValues<ElementType>().Where(t => t != ElementType.Undefined)];

    public static Graph Make(int seed)
    {
        var random = new Random(seed);
        var graph = new Graph { Name = $"random {seed} é", Opset = random.Next(7, 22) };
        var values = new List<string>();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            graph.Inputs.Add(new($"in/{i}", Types[random.Next(Types.Length)], RandomShape(random, least: 1)));
            values.Add(graph.Inputs[^1].Name);
        }

        for (int i = random.Next(0, 6); i > 0; i--) values.Add(graph.Add($"constant:{i}", RandomTensor(random)));
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            var node = new Node(
                $"Op{random.Next(5)}", $"node {i}", Pick(random, values), Enumerable.Range(0, random.Next(1, 3)).Select(o => $"v{i}.{o}"))
            {
                Domain = random.Next(4) == 0 ? "some.domain" : "",
                Attributes = RandomAttributes(random),
            };
            graph.Nodes.Add(node);
            values.AddRange(node.Outputs);
        }

        graph.Outputs.Add(new(graph.Nodes[^1].Output, Types[random.Next(Types.Length)], RandomShape(random, least: 1)));
        return graph;
    }

    public static Tensor RandomTensor(Random random)
    {
        var (type, shape) = (Types[random.Next(Types.Length)], RandomShape(random, least: 0));
        byte[] bytes = new byte[shape.ElementCount * type.Size()];
        random.NextBytes(bytes);
        return new Tensor(type, shape, bytes);
    }

    /// <summary>Asserts that two graphs are the same in everything that a file holds.</summary>
    public static void AssertEqual(Graph expected, Graph actual)
    {
        Assert.Equal((expected.Name, expected.Opset), (actual.Name, actual.Opset));
        Assert.Equal(expected.Inputs, actual.Inputs);
        Assert.Equal(expected.Outputs, actual.Outputs);
        Assert.Equal(expected.Initializers.Keys.Order(StringComparer.Ordinal), actual.Initializers.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected.Initializers) AssertEqual(tensor, actual.Initializers[name]);
        Assert.Equal(expected.Nodes.Count, actual.Nodes.Count);
        foreach (var (e, a) in expected.Nodes.Zip(actual.Nodes))
        {
            Assert.Equal((e.OpType, e.Domain, e.Name), (a.OpType, a.Domain, a.Name));
            Assert.Equal(e.Inputs, a.Inputs);
            Assert.Equal(e.Outputs, a.Outputs);
            Assert.Equal(e.Attributes.Names, a.Attributes.Names);
            foreach (string name in e.Attributes.Names) AssertEqual(e.Attributes[name]!, a.Attributes[name]!);
        }
    }

    private static void AssertEqual(object expected, object actual)
    {
        switch (expected)
        {
            case Tensor tensor:
                var other = Assert.IsType<Tensor>(actual);
                Assert.Equal((tensor.Type, tensor.Shape), (other.Type, other.Shape));
                Assert.True(tensor.Bytes.Span.SequenceEqual(other.Bytes.Span));
                break;
            case Graph graph: AssertEqual(graph, Assert.IsType<Graph>(actual)); break;
            case float f: Assert.Equal(BitConverter.SingleToUInt32Bits(f), BitConverter.SingleToUInt32Bits(Assert.IsType<float>(actual))); break;
            case float[] floats:
                Assert.Equal(
                    MemoryMarshal.Cast<float, int>(floats).ToArray(), MemoryMarshal.Cast<float, int>(Assert.IsType<float[]>(actual)).ToArray());
                break;
            default: Assert.Equal(expected, actual); break;
        }
    }

    private static string[] Pick(Random random, List<string> values) =>
        [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(8) == 0 ? "" : values[random.Next(values.Count)])];

    private static Shape RandomShape(Random random, int least) => new([.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.Next(least, 5))]);

    private static Attributes RandomAttributes(Random random)
    {
        var attributes = new Attributes();
        for (int i = random.Next(0, 4); i > 0; i--)
        {
            attributes[$"a{i}"] = random.Next(8) switch
            {
                0 => random.NextInt64(long.MinValue, long.MaxValue),
                1 => BitConverter.Int32BitsToSingle(random.Next()),
                2 => new string((char)random.Next(32, 1000), random.Next(5)),
                3 => RandomTensor(random),
                4 => Body(random),
                5 => new[] { random.NextInt64(), -1L, 0L }[..random.Next(4)],
                6 => new[] { random.NextSingle(), float.NegativeInfinity, -0f }[..random.Next(4)],
                _ => new[] { "", "zeros", "ß" }[..random.Next(4)],
            };
        }

        return attributes;
    }

    private static Graph Body(Random random)
    {
        var body = new Graph { Name = "body", Opset = 0 };
        body.Add("c", RandomTensor(random));
        body.Inputs.Add(new("body.in", ElementType.Undefined, Shape.Scalar));
        body.Add(new Node("Inner", "inner", ["body.in", "c"], ["body.out"]));
        body.Outputs.Add(new("body.out", ElementType.Float32, new Shape(1, 2)));
        return body;
    }
}
