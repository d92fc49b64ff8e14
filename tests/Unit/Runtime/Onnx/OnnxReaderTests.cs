using Google.Protobuf;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Onnx.Proto;
using static ResNetEdge.Onnx.Proto.AttributeProto.Types;
using Dimension = ResNetEdge.Onnx.Proto.TensorShapeProto.Types.Dimension;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

public class OnnxReaderTests
{
    private const int Float32 = 1;

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(99)]
    public void Another_opset_is_refused_with_both_numbers(long opset) =>
        Refused(m => m.OpsetImport[0].Version = opset, $"operator set {opset}; one of 1 to 23");

    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    public void Opsets_1_to_23_are_read(long opset) => Assert.Equal(opset, Read(Change(m => m.OpsetImport[0].Version = opset)).Opset);

    [Fact]
    public void A_missing_opset_is_refused() => Refused(m => m.OpsetImport.Clear(), "names no version");

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(99)]
    public void Another_ir_version_is_refused(long version) => Refused(m => m.IrVersion = version, $"IR version {version}");

    [Fact]
    public void An_empty_file_is_refused() => Assert.Contains("is empty", Refused([]), StringComparison.Ordinal);

    [Fact]
    public void A_text_file_is_refused() =>
        Assert.Contains("not an ONNX model", Refused("#!/bin/sh\nexit 1\n"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => OnnxReader.Read("/nowhere/model.onnx")).Kind);

    [Fact]
    public void A_device_that_never_ends_is_refused() =>
        Assert.Contains("is a device", Assert.Throws<EdgeException>(() => OnnxReader.Read("/dev/zero")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_graph_without_the_node_of_an_output_is_refused() => Refused(m => m.Graph.Node.Clear(), "nothing produces the output");

    [Fact]
    public void A_model_of_another_domain_alone_is_refused_by_domain_and_operator() => Refused(
        m =>
        {
            m.OpsetImport.Clear();
            m.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.preview.training", Version = 1 });
            foreach (var node in m.Graph.Node) (node.Domain, node.OpType) = ("ai.onnx.preview.training", "Adam");
        },
        "uses operator ai.onnx.preview.training::Adam, which is not supported (training)");

    [Fact]
    public void A_graph_without_outputs_is_refused() => Refused(m => m.Graph.Output.Clear(), "no outputs");

    [Fact]
    public void A_cycle_is_refused() => Refused(
        m =>
        {
            m.Graph.Node[0].Input[0] = "c";
            m.Graph.Node.Add(Node("Relu", "n2", "b", "c"));
        },
        "not acyclic");

    [Fact]
    public void A_node_that_reads_itself_is_refused() => Refused(m => m.Graph.Node[0].Input[0] = "a", "its own output");

    [Fact]
    public void A_missing_producer_is_refused() => Refused(m => m.Graph.Node[0].Input[0] = "nobody", "reads 'nobody', which nothing produces");

    [Fact]
    public void A_missing_output_is_refused() => Refused(m => m.Graph.Output[0].Name = "nobody", "nothing produces the output 'nobody'");

    [Fact]
    public void A_value_written_twice_is_refused() => Refused(m => m.Graph.Node[1].Output[0] = "a", "'a' is written twice");

    [Fact]
    public void A_node_that_overwrites_an_input_is_refused() => Refused(m => m.Graph.Node[1].Output[0] = "x", "already an input");

    [Fact]
    public void Two_initializers_of_one_name_are_refused() =>
        Refused(m => m.Graph.Initializer.Add([Constant("w", [1], 4), Constant("w", [1], 4)]), "two initializers are called 'w'");

    [Fact]
    public void Negative_dimensions_are_refused() => Refused(m => m.Graph.Initializer.Add(Constant("w", [-1, 4], 16)), "impossible shape -1x4");

    [Fact]
    public void Huge_dimensions_are_refused_without_allocating() =>
        Refused(m => m.Graph.Initializer.Add(Constant("w", [1 << 30, 1 << 30, 1 << 30, 1 << 30], 16)), "impossible shape");

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(0)]
    public void Raw_data_of_another_length_are_refused(int bytes) =>
        Refused(m => m.Graph.Initializer.Add(Constant("w", [4], bytes)),
            $"initializer 'w' has {bytes} bytes of data where Float32 of shape 4 needs 16");

    [Theory]
    [InlineData(8, "string")]
    [InlineData(14, "complex64")]
    [InlineData(22, "int4")]
    [InlineData(77, "number 77")]
    public void Unknown_element_types_are_refused_by_name(int type, string name) => Refused(
        m =>
        {
            m.Graph.Initializer.Add(Constant("w", [1], 4));
            m.Graph.Initializer[0].DataType = type;
        },
        $"element type {name}");

    [Fact]
    public void A_sparse_tensor_without_values_is_refused() => Refused(m => m.Graph.SparseInitializer.Add(new SparseTensorProto()), "sparse");

    [Fact]
    public void A_sequence_input_is_refused() =>
        Refused(m => m.Graph.Input[0].Type = new TypeProto { SequenceType = ByteString.Empty }, "not a tensor");

    [Fact]
    public void An_open_batch_is_1_and_so_is_the_output_that_shares_its_symbol()
    {
        var graph = Read(Change(m =>
        {
            m.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new Dimension { DimParam = "batch" };
            m.Graph.Output[0].Type.TensorType.Shape.Dim[0] = new Dimension { DimParam = "batch" };
        }));
        Assert.Equal(new Shape(1, 3), graph.Inputs[0].Shape);
        Assert.Equal(new Shape(1, 3), graph.Outputs[0].Shape);
    }

    [Fact]
    public void An_output_of_unknown_shape_waits_for_inference() =>
        Assert.Equal(ElementType.Undefined,
            Read(Change(m => m.Graph.Output[0].Type.TensorType.Shape.Dim[1] = new Dimension { DimParam = "n" })).Outputs[0].Type);

    [Fact]
    public void Another_open_dimension_is_refused() =>
        Refused(m => m.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new Dimension { DimParam = "width" },
            "input 'x' has the dynamic dimension 1 ('width')");

    [Fact]
    public void Unsorted_nodes_are_sorted()
    {
        var graph = Read(Change(m => (m.Graph.Node[0], m.Graph.Node[1]) = (m.Graph.Node[1].Clone(), m.Graph.Node[0].Clone())));
        Assert.Equal(["n0", "n1"], graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Node_names_are_made_unique()
    {
        var graph = Read(Change(m =>
        {
            m.Graph.Node[0].Name = m.Graph.Node[1].Name = "same";
            m.Graph.Node.Add(
                [Node("Relu", "", "b", "c"), Node("Relu", "", "c", "d"), Node("Relu", "Relu_2", "d", "e"), Node("Relu", "same_1", "e", "f")]);
        }));
        Assert.Equal("same", graph.Nodes[0].Name);
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(n => n.Name).Distinct().Count());
        Assert.All(graph.Nodes, n => Assert.NotEmpty(n.Name));
        Assert.Equal("Relu_2", graph.Nodes[4].Name);
    }

    [Fact]
    public void An_initializer_listed_as_input_is_no_input()
    {
        var graph = Read(Change(m =>
        {
            m.IrVersion = 3;
            m.Graph.Initializer.Add(Constant("w", [4], 16));
            m.Graph.Input.Add(Value("w", 4));
        }));
        Assert.Equal("x", Assert.Single(graph.Inputs).Name);
    }

    [Fact]
    public void Numbers_are_read_from_every_field_that_may_hold_them()
    {
        var graph = Read(Change(m => m.Graph.Initializer.Add(
        [
            new TensorProto { Name = "f32", DataType = 1, Dims = { 2 }, FloatData = { 1.5f, -2 } },
            new TensorProto { Name = "f64", DataType = 11, Dims = { 1 }, DoubleData = { 0.1 } },
            new TensorProto { Name = "i64", DataType = 7, Dims = { 1 }, Int64Data = { long.MinValue } },
            new TensorProto { Name = "i32", DataType = 6, Dims = { 1 }, Int32Data = { int.MinValue } },
            new TensorProto { Name = "i8", DataType = 3, Dims = { 2 }, Int32Data = { -128, 127 } },
            new TensorProto { Name = "u8", DataType = 2, Dims = { 1 }, Int32Data = { 255 } },
            new TensorProto { Name = "f16", DataType = 10, Dims = { 1 }, Int32Data = { 0xC000 } },
            new TensorProto { Name = "bf16", DataType = 16, Dims = { 1 }, Int32Data = { 0xC000 } },
        ])));
        Assert.Equal([1.5f, -2], graph.Initializers["f32"].As<float>());
        Assert.Equal([0.1], graph.Initializers["f64"].As<double>());
        Assert.Equal([long.MinValue], graph.Initializers["i64"].As<long>());
        Assert.Equal([int.MinValue], graph.Initializers["i32"].As<int>());
        Assert.Equal([(sbyte)-128, (sbyte)127], graph.Initializers["i8"].As<sbyte>());
        Assert.Equal([(byte)255], graph.Initializers["u8"].As<byte>());
        Assert.Equal([-2f], graph.Initializers["f16"].ToFloats());
        Assert.Equal([-2f], graph.Initializers["bf16"].ToFloats());
    }

    [Fact]
    public void A_number_outside_its_type_is_refused() =>
        Refused(m => m.Graph.Initializer.Add(new TensorProto { Name = "i8", DataType = 3, Dims = { 1 }, Int32Data = { 128 } }), "outside the range");

    [Fact]
    public void Data_in_two_places_are_refused() => Refused(
        m =>
        {
            m.Graph.Initializer.Add(Constant("w", [1], 4));
            m.Graph.Initializer[0].FloatData.Add(1);
        },
        "more than one place");

    [Fact]
    public void An_attribute_given_twice_is_refused() => Refused(
        m => m.Graph.Node[0].Attribute.Add([Attribute("axis", 1), Attribute("axis", 2)]), "attribute 'axis' of Relu 'n0' is given twice");

    [Fact]
    public void Attributes_without_a_kind_are_told_by_their_value()
    {
        var graph = Read(Change(m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "alpha", F = 0.5f })));
        Assert.Equal(0.5f, graph.Nodes[0].Attributes.Float("alpha", 0));
    }

    [Fact]
    public void The_body_of_an_if_is_kept_and_sees_the_values_around_it()
    {
        var body = new GraphProto
        {
            Name = "then",
            Node = { Node("Relu", "inner", "a", "inner.out") },
            Output = { new ValueInfoProto { Name = "inner.out" } },
        };
        var graph = Read(Change(m => m.Graph.Node.Insert(0, new NodeProto
        {
            OpType = "If",
            Name = "if",
            Input = { "x" },
            Output = { "y" },
            Attribute = { new AttributeProto { Name = "then_branch", Type = AttributeType.Graph, G = body } },
        })));
        Assert.Equal(["n0", "if", "n1"], graph.Nodes.Select(n => n.Name)); // "if" stands behind the producer of what its body reads
        Assert.Equal("inner", Assert.IsType<Graph>(graph.Nodes[1].Attributes["then_branch"]).Nodes[0].Name);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50_000)]
    public void Deep_nesting_is_read_or_refused_but_never_overflows_the_stack(int depth)
    {
        byte[] bytes = [];
        for (int i = 0; i < depth; i++) bytes = depth > 1000 ? Wrap(bytes) : Nested(bytes);
        byte[] file = [.. Change(m => { }).ToByteArray(), .. Field(7, Field(1, Field(5, bytes)))];
        Assert.NotEmpty(Refused(file));
    }

    [Fact]
    public void More_fields_than_any_network_has_are_refused_before_they_are_parsed()
    {
        byte[] fields = new byte[2 * (WireLimits.MaxFields + 1)];
        for (int i = 0; i < fields.Length; i += 2) fields[i] = (1 << 3) | 2; // empty nodes
        Assert.Contains("more than 4,000,000 fields", Refused(Field(7, fields)), StringComparison.Ordinal);
    }

    internal static ModelProto Change(Action<ModelProto> change)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto
            {
                Name = "g",
                Node = { Node("Relu", "n0", "x", "a"), Node("Relu", "n1", "a", "b") },
                Input = { Value("x", 1, 3) },
                Output = { Value("b", 1, 3) },
            },
            OpsetImport = { new OperatorSetIdProto { Version = 17 } },
        };
        change(model);
        return model;
    }

    internal static TensorProto Constant(string name, long[] dims, int bytes) =>
        new() { Name = name, DataType = Float32, Dims = { dims }, RawData = ByteString.CopyFrom(new byte[bytes]) };

    private static Graph Read(ModelProto model) => OnnxReader.Read(model.ToByteArray(), "test.onnx");

    private static void Refused(Action<ModelProto> change, string expected) =>
        Assert.Contains(expected, Refused(Change(change).ToByteArray()), StringComparison.Ordinal);

    private static string Refused(byte[] bytes)
    {
        var e = Assert.Throws<EdgeException>(() => OnnxReader.Read(bytes, "test.onnx"));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.StartsWith("test.onnx: ", e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    private static NodeProto Node(string op, string name, string input, string output) =>
        new() { OpType = op, Name = name, Input = { input }, Output = { output } };

    private static ValueInfoProto Value(string name, params long[] dims)
    {
        var shape = new TensorShapeProto { Dim = { dims.Select(d => new Dimension { DimValue = d }) } };
        return new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float32, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    // A subgraph in an attribute of a node: three messages a level.
    private static byte[] Nested(byte[] attribute) => Field(6, Field(1, Field(5, attribute)));

    private static byte[] Wrap(byte[] attribute) => attribute.Length > 100_000 ? attribute : Nested(attribute);

    private static byte[] Field(int number, byte[] payload)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(payload));
        output.Flush();
        return stream.ToArray();
    }
}
