using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>A node of one operator, what goes in and what must come out: one case of <c>tests/Data/operators</c>.</summary>
/// <param name="Operator">Its name.</param>
/// <param name="Title">What is special.</param>
/// <param name="Attributes">Of the node.</param>
/// <param name="Inputs">In order; null for one that is left out.</param>
/// <param name="Constants">Whether each is known when the model is loaded.</param>
/// <param name="Expected">The outputs; null for one that the node leaves out.</param>
/// <param name="Opset">The operator set that the node is of.</param>
/// <param name="Domain">The operator's domain; empty for ONNX's own.</param>
internal sealed record OperatorCase(
    string Operator, string Title, Attributes Attributes, IReadOnlyList<Tensor?> Inputs, IReadOnlyList<bool> Constants,
    IReadOnlyList<Tensor?> Expected, int Opset, string Domain)
{
    private static readonly Lazy<ILookup<string, OperatorCase>> Stored = new(() =>
        Directory.GetFiles(Path.Combine(House.Root, "tests", "Data", "operators"), "*.txt").Order(StringComparer.Ordinal)
            .SelectMany(static path => File.ReadAllText(path).Split("\ncase ").Skip(1)).Select(Parse)
            .ToLookup(c => c.Operator, StringComparer.Ordinal));

    /// <summary>The stored cases of an operator; an operator without any fails the test that asks.</summary>
    public static IReadOnlyList<OperatorCase> Of(string name)
    {
        var cases = Stored.Value[name].ToList();
        Assert.True(cases.Count > 0, $"{name} has no case in tests/Data/operators; add some to the file of its room");
        return cases;
    }

    /// <summary>A graph of this node alone.</summary>
    public Graph Graph()
    {
        var graph = new Graph { Opset = Opset };
        string[] names = [.. Inputs.Select((input, i) => input is null ? "" : $"in{i}")];
        for (int i = 0; i < Inputs.Count; i++)
        {
            if (Inputs[i] is not { } input) continue;
            if (Constants[i]) graph.Add(names[i], input);
            else graph.Inputs.Add(new TensorInfo(names[i], input.Type, input.Shape));
        }

        string[] outputs = [.. Expected.Select((output, i) => output is null ? "" : OutputName(i))];
        graph.Add(new Node(Operator, "node", names, outputs) { Attributes = Attributes.Clone(), Domain = Domain });
        for (int i = 0; i < outputs.Length; i++)
            if (Expected[i] is { } output) graph.Outputs.Add(new TensorInfo(outputs[i], output.Type, output.Shape));
        return graph;
    }

    /// <summary>Feeds an engine on <see cref="Graph"/>.</summary>
    public void Feed(IEngine engine)
    {
        int index = 0;
        for (int i = 0; i < Inputs.Count; i++)
            if (Inputs[i] is { } input && !Constants[i]) engine.SetInputBytes(index++, input.Bytes.Span);
    }

    /// <summary>Runs an engine on <see cref="Graph"/>, gives it back, and returns the outputs that are there.</summary>
    public IReadOnlyList<Tensor> Run(IEngine engine)
    {
        using (engine)
        {
            Feed(engine);
            engine.Run();
            var found = new List<Tensor>();
            for (int i = 0; i < engine.Outputs.Count; i++)
            {
                byte[] bytes = new byte[engine.Outputs[i].ByteCount()];
                engine.GetOutputBytes(i, bytes);
                found.Add(new Tensor(engine.Outputs[i].Type, engine.Outputs[i].Shape, bytes));
            }

            return found;
        }
    }

    /// <summary>Floats may differ by the bound, relative to the number or to 1; everything else is equal.</summary>
    public void AssertGiven(IReadOnlyList<Tensor> found, double bound)
    {
        var expected = Expected.OfType<Tensor>().ToList();
        Assert.Equal(expected.Count, found.Count);
        for (int i = 0; i < expected.Count; i++) AssertClose(expected[i], found[i], bound);
    }

    private static string OutputName(int index) => index == 0 ? "out" : $"out{index}";

    private void AssertClose(Tensor expected, Tensor found, double bound)
    {
        Assert.Equal((expected.Type, expected.Shape), (found.Type, found.Shape));
        if (!expected.Type.IsFloat())
        {
            Assert.Equal(expected.ToInt64s(), found.ToInt64s());
            return;
        }

        float[] wanted = expected.ToFloats(), got = found.ToFloats();
        double relative = expected.Type == ElementType.Float16 ? Math.Max(bound, 1e-3) : bound;
        for (int i = 0; i < wanted.Length; i++)
        {
            bool isClose = got[i].Equals(wanted[i]) || Math.Abs(got[i] - wanted[i]) <= relative * Math.Max(1, Math.Abs(wanted[i]));
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
        var expected = new List<Tensor?>();
        int opset = ResNetEdge.Model.Graph.WrittenOpset;
        string domain = "";
        foreach (string line in lines[1..])
        {
            string[] words = line.Split(' ', 2);
            switch (words[0])
            {
                case "opset": opset = int.Parse(words[1], CultureInfo.InvariantCulture); break;
                case "domain": domain = words[1]; break;
                case "attribute": Attribute(attributes, words[1].Split(' ', 3)); break;
                case "output": expected.Add(Read(words[1])); break;
                case "missing" when words is [_, "output"]: expected.Add(null); break;
                default:
                    inputs.Add(words[0] == "missing" ? null : Read(words[1]));
                    constants.Add(words[0] == "constant");
                    break;
            }
        }

        return new(head[0], head[1], attributes, inputs, constants, expected, opset, domain);
    }

    private static void Attribute(Attributes attributes, string[] words) => attributes[words[0]] = words[1] switch
    {
        "int" => long.Parse(words[2], CultureInfo.InvariantCulture),
        "float" => float.Parse(words[2], CultureInfo.InvariantCulture),
        "ints" => words[2].Split(' ').Select(w => long.Parse(w, CultureInfo.InvariantCulture)).ToArray(),
        "floats" => words[2].Split(' ').Select(w => float.Parse(w, CultureInfo.InvariantCulture)).ToArray(),
        "text" => words[2],
        "texts" => words[2].Split(' '),
        "tensor" => Read(words[2]),
        _ => throw new FormatException(words[1]),
    };

    // "Float32 2x3: 1 2 3 4 5 6"
    private static Tensor Read(string text)
    {
        string[] parts = text.Split(':'), head = parts[0].Split(' '), words = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var shape = head[1] == "scalar" ? Shape.Scalar : new Shape([.. head[1].Split('x').Select(d => int.Parse(d, CultureInfo.InvariantCulture))]);
        return head[0] switch
        {
            "Float32" => From<float>(shape, words),
            "Float64" => From<double>(shape, words),
            "Float16" => From<Half>(shape, words),
            "UInt64" => From<ulong>(shape, words),
            "UInt32" => From<uint>(shape, words),
            "UInt16" => From<ushort>(shape, words),
            "Int16" => From<short>(shape, words),
            "UInt8" => From<byte>(shape, words),
            "Int8" => From<sbyte>(shape, words),
            "Int32" => From<int>(shape, words),
            "Int64" => From<long>(shape, words),
            "Bool" => Tensor.From<bool>(shape, [.. words.Select(bool.Parse)]),
            _ => throw new FormatException(text),
        };
    }

    private static Tensor From<T>(Shape shape, string[] words) where T : unmanaged, IParsable<T> =>
        Tensor.From<T>(shape, [.. words.Select(
            w => T.Parse(w is "inf" or "-inf" ? w.Replace("inf", "Infinity", StringComparison.Ordinal) : w, CultureInfo.InvariantCulture))]);
}
