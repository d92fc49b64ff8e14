using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Packages;
using ResNetEdge.Passes;
using ResNetEdge.Passes.Conversions;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>A node may say only what its operator knows: nothing is read over.</summary>
public class SignatureTests
{
    /// <summary>What ONNX has and we refuse whatever its value.</summary>
    private static readonly string[] RefusedAttributes = ["Constant.value_string", "Constant.value_strings"];

    // Whose forms before operator set 7 are not known here, and so are refused.
    private static readonly string[] KnownFromSet7 =
    [
        "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Div", "Dropout", "Elu", "Gemm", "HardSigmoid", "LeakyRelu", "Mul",
        "Pad", "Relu", "Reshape", "Sigmoid", "Sub", "Sum", "Tanh",
    ];

    public static TheoryData<string> OwnOperators =>
        [.. OperatorTable.All.Select(o => o.OpType)
            .Concat(ConversionTable.All.Where(c => c.Domain.Length == 0 && c.Signatures is not null).Select(c => c.OpType))
            .Where(static name => name != "SimplifiedLayerNormalization")]; // ONNX Runtime's, although it lies in ONNX's domain

    [Theory, MemberData(nameof(OwnOperators))]
    public void An_operator_takes_what_ONNX_defines_in_every_operator_set(string name)
    {
        var ours = SignaturesOf(name);
        for (int opset = KnownFromSet7.Contains(name) ? 7 : OnnxReader.OldestOpset; opset <= OnnxReader.NewestOpset; opset++)
        {
            var signature = Signature.Of(ours, opset);
            var schema = OnnxSchemas.Of(name, opset);
            Assert.Equal(schema is null, signature is null);
            if (schema is null || signature is null) continue;
            Assert.Equal((opset, schema.Inputs), (opset, (signature.MinInputs, signature.MaxInputs)));
            Assert.InRange(signature.Outputs, 1, schema.Outputs.Max);
            var expected = schema.Attributes.Where(a => !RefusedAttributes.Contains($"{name}.{a.Name}"))
                .Select(a => $"{opset}: {a.Name} {a.Kind} {a.IsRequired}").Order();
            Assert.Equal(expected, signature.Attributes.Select(a => $"{opset}: {a.Name} {Kind(a.Kind)} {a.IsRequired}").Order());
        }
    }

    [Theory, MemberData(nameof(OwnOperators))]
    public void What_an_operator_does_not_know_is_refused_by_name(string name)
    {
        for (int opset = OnnxReader.OldestOpset; opset <= OnnxReader.NewestOpset; opset++)
        {
            if (Signature.Of(SignaturesOf(name), opset) is not { } signature) continue;
            Refused(Node(name, signature).With("foo", 1L), opset, $"{name} 'node'", "attribute foo", $"operator set {opset}");
            foreach (var rule in signature.Attributes)
            {
                var wrong = Node(name, signature);
                wrong.Attributes[rule.Name] = rule.Kind == typeof(string) ? 1L : "text";
                Refused(wrong, opset, $"{name} 'node'", $"attribute {rule.Name}", "is expected");
                if (!rule.IsRequired) continue;
                var without = Node(name, signature);
                without.Attributes.Remove(rule.Name);
                Refused(without, opset, $"{name} 'node'", $"attribute {rule.Name} is missing");
            }

            if (signature.MaxInputs != Signature.AnyNumber)
                Refused(Node(name, signature, inputs: signature.MaxInputs + 1), opset, $"{name} 'node'", $"{signature.MaxInputs + 1} input");
            if (signature.MinInputs > 0)
                Refused(Node(name, signature, inputs: signature.MinInputs - 1), opset, $"{name} 'node'", $"{signature.MinInputs - 1} input");
            if (signature.Outputs == Signature.AnyNumber) continue;
            var more = Node(name, signature);
            for (int i = more.Outputs.Count; i <= signature.Outputs; i++) more.Outputs.Add($"out{i}");
            Refused(more, opset, $"{name} 'node'", "output");
        }
    }

    public static TheoryData<int, string, string, string[]> Values => new()
    {
        { 21, "QuantizeLinear", "block_size=2", ["block_size", "2"] },
        { 21, "QuantizeLinear", "output_dtype=22", ["output_dtype", "22"] }, // int4
        { 23, "QuantizeLinear", "precision=10", ["precision", "10"] },
        { 21, "DequantizeLinear", "block_size=2", ["block_size", "2"] },
        { 15, "BatchNormalization", "training_mode=1", ["training_mode", "1"] },
        { 7, "BatchNormalization", "spatial=0", ["spatial", "0"] },
        { 18, "Pad", "mode=wrap", ["mode", "wrap"] },
        { 13, "Cast", "to=4294967297", ["attribute to", "4294967297"] }, // not float32, whose number its lower half is
        { 13, "Cast", "to=8", ["attribute to", "8"] }, // text
        { 13, "Conv", "auto_pad=SOMEHOW", ["auto_pad", "SOMEHOW"] },
        { 13, "Conv", "group=3", ["in 3 groups"] },
    };

    [Theory, MemberData(nameof(Values))]
    public void A_value_that_is_not_supported_is_refused_by_name(int opset, string name, string attribute, string[] expected)
    {
        var node = Node(name, Signature.Of(SignaturesOf(name), opset)!);
        string value = attribute.Split('=')[1];
        node.Attributes[attribute.Split('=')[0]] = long.TryParse(value, out long number) ? number : value;
        Refused(node, opset, [$"{name} 'node'", .. expected]);
    }

    [Fact]
    public void Consumed_inputs_of_old_operator_sets_are_dropped()
    {
        // Functions of each element alone take an input of any shape.
        foreach (var known in OperatorTable.All.OfType<ElementwiseOperator>())
        {
            if (Signature.Of(known.Signatures, 1) is not { } signature || !signature.Attributes.Contains(AttributeRule.ConsumedInputs)) continue;
            var old = Node(known.OpType, signature).With(AttributeRule.ConsumedInputs.Name, new long[] { 0 });
            var graph = GraphOf(old, 1);
            new ConvertToOpset17().Run(graph);
            Assert.All(graph.Nodes, static node => Assert.False(node.Attributes.Has(AttributeRule.ConsumedInputs.Name)));
        }
    }

    [Fact]
    public void An_output_left_out_by_an_empty_name_is_no_output()
    {
        var node = Node("BatchNormalization", Signature.Of(SignaturesOf("BatchNormalization"), 9)!);
        node.Outputs.AddRange(["", "", "", ""]);
        Assert.NotNull(PassList.Run(GraphOf(node, 9)));
    }

    [Fact]
    public void A_BatchNormalization_in_training_is_refused_on_every_engine()
    {
        var node = Node("BatchNormalization", Signature.Of(SignaturesOf("BatchNormalization"), 9)!);
        node.Outputs.AddRange(["mean", "var", "saved_mean", "saved_var"]);
        var model = new ModelSource("trained", () => GraphOf(node, 9));
        var asked = new List<string>();
        EngineKind[] kinds =
        [
            new("fused", "", (source, options) => new FusedEngine(source, options)),
            new("other", "", (_, _) =>
            {
                asked.Add("other");
                throw EdgeException.Unavailable("never");
            }),
        ];
        var refused = Assert.Throws<EdgeException>(() => EngineTable.LoadBest(kinds, model, new EngineOptions()));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains("BatchNormalization 'node': it has 5 outputs, which means training in ONNX", refused.Message, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    /// <summary>Such a node runs from the file that has it; a package would say something else, or nothing that other runtimes read.</summary>
    [Theory]
    [InlineData("CenterCropPad", 18, "", "CenterCropPad of operator set 17 is not supported")]
    [InlineData("Pad", 19, "wrap", "attribute mode is wrap, which is not supported")]
    public void What_opset_17_has_no_word_for_is_kept_but_not_written(string name, int opset, string mode, string expected)
    {
        var graph = new Graph { Opset = opset };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 4)));
        var node = new Node(name, "node", ["x", graph.Add("w", name == "Pad" ? Tensor.Vector<long>(0, 1, 0, 1) : Tensor.Vector<long>(1, 6))], ["y"]);
        if (mode.Length > 0) node.Attributes["mode"] = mode;
        graph.Add(node);
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 6)));
        var converted = PassList.Run(graph);
        using (new FusedEngine(converted, new EngineOptions())) Assert.Equal(Graph.WrittenOpset, converted.Opset);
        Assert.Contains(expected, Assert.Throws<EdgeException>(() => OperatorTable.CheckWritable(converted)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Signature> SignaturesOf(string name) =>
        ConversionTable.All.FirstOrDefault(c => c.Domain.Length == 0 && c.OpType == name)?.Signatures
            ?? OperatorTable.All.Single(o => o.OpType == name).Signatures;

    private static string Kind(Type kind) => kind.Name switch
    {
        "Int64" => "int",
        "Int64[]" => "ints",
        "Single" => "float",
        "Single[]" => "floats",
        "String" => "text",
        "String[]" => "texts",
        "Tensor" => "tensor",
        "Graph" => "graph",
        var other => other,
    };

    /// <summary>A node with all that is required; its inputs are w0, w1 ...</summary>
    private static Node Node(string name, Signature signature, int? inputs = null)
    {
        int count = inputs ?? Math.Max(signature.MinInputs, name == "QuantizeLinear" ? 2 : 0);
        var node = new Node(name, "node", Enumerable.Range(0, count).Select(i => i == 0 && count > 0 ? "x" : $"w{i}"), ["y"]);
        foreach (var rule in signature.Attributes.Where(r => r.IsRequired))
        {
            node.Attributes[rule.Name] = rule.Kind == typeof(long[]) ? name is "Unsqueeze" ? new long[] { 0 }
                : name is "Pad" ? new long[8]
                : new long[] { 1, 1 }
                : rule.Kind == typeof(long) ? 1L : rule.Kind == typeof(float) ? 1f : rule.Kind == typeof(string) ? "text"
                : rule.Kind == typeof(Graph) ? new Graph() : Tensor.Scalar(1f);
        }

        return node;
    }

    // Inputs that fit BatchNormalization, Conv and Quantize/DequantizeLinear of two channels.
    private static Graph GraphOf(Node node, int opset)
    {
        var graph = new Graph { Opset = opset };
        bool isQuantized = node.OpType == "DequantizeLinear";
        graph.Inputs.Add(new("x", isQuantized ? ElementType.UInt8 : ElementType.Float32, new Shape(1, 2, 4, 4)));
        for (int i = 1; i < 9; i++)
        {
            graph.Initializers[$"w{i}"] = node.OpType switch
            {
                "BatchNormalization" => Tensor.Vector<float>(1, 1),
                "Conv" when i == 1 => Tensor.From<float>(new Shape(2, 2, 1, 1), [1, 2, 3, 4]),
                "Pad" when i == 1 => Tensor.Vector<long>(0, 0, 1, 1, 0, 0, 1, 1),
                _ => Tensor.Scalar(1f),
            };
        }

        graph.Add(node);
        graph.Outputs.Add(new("y", ElementType.Undefined, default));
        return graph;
    }

    private static void Refused(Node node, int opset, params string[] expected)
    {
        var refused = Assert.Throws<EdgeException>(() => new ConvertToOpset17().Run(GraphOf(node, opset)));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.All(expected, words => Assert.Contains(words, refused.Message, StringComparison.Ordinal));
    }
}
