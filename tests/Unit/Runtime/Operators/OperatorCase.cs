using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>A node of one operator, what goes in and what must come out: one case of <c>tests/Data/operator-cases.txt</c>.</summary>
/// <param name="Operator">Its name.</param>
/// <param name="Title">What is special.</param>
/// <param name="Attributes">Of the node.</param>
/// <param name="Inputs">In order; null for one that is left out.</param>
/// <param name="Constants">Whether each is known when the model is loaded.</param>
/// <param name="Expected">The output.</param>
internal sealed record OperatorCase(
    string Operator, string Title, Attributes Attributes, IReadOnlyList<Tensor?> Inputs, IReadOnlyList<bool> Constants, Tensor Expected)
{
    private static readonly Lazy<ILookup<string, OperatorCase>> Stored = new(() =>
        File.ReadAllText(Path.Combine(House.Root, "tests", "Data", "operator-cases.txt"))
            .Split("\ncase ").Skip(1).Select(Parse).ToLookup(c => c.Operator, StringComparer.Ordinal));

    /// <summary>The stored cases of an operator; an operator without any fails the test that asks.</summary>
    public static IReadOnlyList<OperatorCase> Of(string name)
    {
        var cases = Stored.Value[name].ToList();
        Assert.True(cases.Count > 0, $"{name} has no case in tests/Data/operator-cases.txt; add some to operator_cases.py beside it");
        return cases;
    }

    /// <summary>A graph of this node alone.</summary>
    public Graph Graph()
    {
        var graph = new Graph();
        string[] names = [.. Inputs.Select((input, i) => input is null ? "" : $"in{i}")];
        for (int i = 0; i < Inputs.Count; i++)
        {
            if (Inputs[i] is not { } input) continue;
            if (Constants[i]) graph.Add(names[i], input);
            else graph.Inputs.Add(new TensorInfo(names[i], input.Type, input.Shape));
        }

        graph.Add(new Node(Operator, "node", names, ["out"]) { Attributes = Attributes.Clone() });
        graph.Outputs.Add(new TensorInfo("out", Expected.Type, Expected.Shape));
        return graph;
    }

    /// <summary>Feeds an engine on <see cref="Graph"/>.</summary>
    public void Feed(IEngine engine)
    {
        int index = 0;
        for (int i = 0; i < Inputs.Count; i++)
            if (Inputs[i] is { } input && !Constants[i]) engine.SetInputBytes(index++, input.Bytes.Span);
    }

    /// <summary>Runs an engine on <see cref="Graph"/> and gives it back.</summary>
    public Tensor Run(IEngine engine)
    {
        using (engine)
        {
            Feed(engine);
            engine.Run();
            byte[] bytes = new byte[engine.Outputs[0].ByteCount()];
            engine.GetOutputBytes(0, bytes);
            return new Tensor(engine.Outputs[0].Type, engine.Outputs[0].Shape, bytes);
        }
    }

    /// <summary>Floats may differ by the bound, relative to the number or to 1; everything else is equal.</summary>
    public void AssertGiven(Tensor found, double bound)
    {
        Assert.Equal((Expected.Type, Expected.Shape), (found.Type, found.Shape));
        if (Expected.Type != ElementType.Float32)
        {
            Assert.Equal(Expected.ToInt64s(), found.ToInt64s());
            return;
        }

        ReadOnlySpan<float> wanted = Expected.As<float>(), got = found.As<float>();
        for (int i = 0; i < wanted.Length; i++)
        {
            bool isClose = Math.Abs(got[i] - wanted[i]) <= bound * Math.Max(1, Math.Abs(wanted[i]));
            Assert.True(isClose, $"{this}, element {i}: {got[i]} instead of {wanted[i]}");
        }
    }

    public override string ToString() => $"{Operator} ({Title})";

    private static OperatorCase Parse(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries), head = lines[0].Split(": ");
        var attributes = new Attributes();
        var inputs = new List<Tensor?>();
        var constants = new List<bool>();
        foreach (string line in lines[1..^1])
        {
            string[] words = line.Split(' ', 2);
            if (words[0] == "attribute") Attribute(attributes, words[1].Split(' ', 3));
            else inputs.Add(words[0] == "missing" ? null : Read(words[1]));
            if (words[0] != "attribute") constants.Add(words[0] == "constant");
        }

        return new(head[0], head[1], attributes, inputs, constants, Read(lines[^1].Split(' ', 2)[1]));
    }

    private static void Attribute(Attributes attributes, string[] words) => attributes[words[0]] = words[1] switch
    {
        "int" => long.Parse(words[2], CultureInfo.InvariantCulture),
        "float" => float.Parse(words[2], CultureInfo.InvariantCulture),
        "ints" => words[2].Split(' ').Select(w => long.Parse(w, CultureInfo.InvariantCulture)).ToArray(),
        "floats" => words[2].Split(' ').Select(w => float.Parse(w, CultureInfo.InvariantCulture)).ToArray(),
        "text" => words[2],
        "tensor" => Read(words[2]),
        _ => throw new FormatException(words[1]),
    };

    // "Float32 2x3: 1 2 3 4 5 6"
    private static Tensor Read(string text)
    {
        string[] parts = text.Split(": "), head = parts[0].Split(' '), words = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var shape = head[1] == "scalar" ? Shape.Scalar : new Shape([.. head[1].Split('x').Select(d => int.Parse(d, CultureInfo.InvariantCulture))]);
        return head[0] switch
        {
            "Float32" => From<float>(shape, words),
            "UInt8" => From<byte>(shape, words),
            "Int8" => From<sbyte>(shape, words),
            "Int32" => From<int>(shape, words),
            "Int64" => From<long>(shape, words),
            "Bool" => Tensor.From<bool>(shape, [.. words.Select(bool.Parse)]),
            _ => throw new FormatException(text),
        };
    }

    private static Tensor From<T>(Shape shape, string[] words) where T : unmanaged, IParsable<T> =>
        Tensor.From<T>(shape, [.. words.Select(w => T.Parse(w, CultureInfo.InvariantCulture))]);
}
