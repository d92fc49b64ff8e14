using Google.Protobuf;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Onnx.Proto;
using ResNetEdge.Tests.Fakes;
using static ResNetEdge.Onnx.Proto.AttributeProto.Types;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

/// <summary>Local functions are put in the places of their calls.</summary>
public class FunctionInlinerTests
{
    private const string Domain = "local";

    public static TheoryData<string> Networks => ["nested", "clash", "optional"];

    [SkippableTheory, MemberData(nameof(Networks))]
    public void A_network_of_functions_gives_what_ONNX_Runtime_gives(string name)
    {
        OnnxRuntimeHere.OrSkip();
        byte[] model = Model(name).ToByteArray();
        float[] x = [-1.5f, 0.25f, 2];
        using var session = new ManagedOnnxRuntime(model);
        float[] expected = new Tensor(ElementType.Float32, new Shape(3), session.Run([Tensor.Vector<float>(x).Bytes.ToArray()])[0]).ToFloats();
        using var engine = new FusedEngine(OnnxReader.Read(model, "m.onnx"), new EngineOptions());
        engine.SetInput<float>(0, x);
        engine.Run();
        float[] y = new float[3];
        engine.GetOutput<float>(0, y);
        Assert.All(expected.Zip(y), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.NotEqual(x, y);
    }

    [Fact]
    public void An_output_that_is_an_input_or_named_twice_is_passed_through()
    {
        using var engine = new FusedEngine(OnnxReader.Read(Model("passed through").ToByteArray(), "m.onnx"), new EngineOptions());
        engine.SetInput<float>(0, [-1.5f, 0.25f, 2]);
        engine.Run();
        float[] y = new float[3];
        engine.GetOutput<float>(0, y);
        Assert.Equal([-1.5f, 0.75f, 6], y); // relu(x) + x + relu(x)
    }

    [Fact]
    public void Values_within_a_call_are_named_after_it_and_never_twice()
    {
        var graph = OnnxReader.Read(Model("clash").ToByteArray(), "m.onnx");
        var values = graph.Nodes.SelectMany(n => n.Outputs).ToList();
        Assert.Equal(values.Count, values.Distinct().Count());
        Assert.DoesNotContain(graph.Nodes, n => n.Domain == Domain);
        Assert.Contains("first/t.2", values); // the model itself has a 'first/t'
    }

    [Fact]
    public void An_attribute_by_reference_that_nobody_gives_is_left_out()
    {
        var graph = OnnxReader.Read(Model("attributes").ToByteArray(), "m.onnx");
        Assert.Equal([0.5f, 1f], graph.Nodes.Where(n => n.OpType == "LeakyRelu").Select(n => n.Attributes.Float("alpha", 1)));
    }

    [Fact]
    public void A_function_that_calls_itself_is_refused() => Refused(
        [Function("f", ["a"], ["o"], Call("g", ["a"], ["o"])), Function("g", ["a"], ["o"], Call("f", ["a"], ["o"]))], [Call("f", ["x"], ["y"])],
        "function 'f' calls itself ('f' in 'g')");

    [Fact]
    public void Functions_that_blow_up_are_refused_in_bounds()
    {
        var functions = Enumerable.Range(0, 40).Select(i => i == 0
            ? Function("f0", ["a"], ["o"], Standard("Relu", ["a"], ["o"]))
            : Function($"f{i}", ["a"], ["o"], Call($"f{i - 1}", ["a"], ["t"]), Call($"f{i - 1}", ["t"], ["o"]))).ToArray();
        Refused(functions, [Call("f39", ["x"], ["y"])], "more than 200,000 nodes");
    }

    [Fact]
    public void Functions_of_empty_bodies_that_blow_up_are_refused_in_bounds()
    {
        var functions = Enumerable.Range(0, 40).Select(i => i == 0
            ? Function("f0", ["a"], ["a"])
            : Function($"f{i}", ["a"], ["a"], Call($"f{i - 1}", ["a"], [$"t{i}"]), Call($"f{i - 1}", ["a"], [$"u{i}"]))).ToArray();
        Refused(functions, [Call("f39", ["x"], ["y"])], "more than 200,000 nodes");
    }

    [Fact]
    public void Functions_that_are_nested_too_deep_are_refused()
    {
        var functions = Enumerable.Range(0, 100)
            .Select(i => Function($"f{i}", ["a"], ["o"], i == 0 ? Standard("Relu", ["a"], ["o"]) : Call($"f{i - 1}", ["a"], ["o"]))).ToArray();
        Refused(functions, [Call("f99", ["x"], ["y"])], "nested more than 64 deep");
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var relu = Function("f", ["a"], ["o"], Standard("Relu", ["a"], ["o"]));
        Refused([relu, relu], [Call("f", ["x"], ["y"])], "two functions are called 'f'");
        Refused([relu], [Call("f", ["x", "x"], ["y"])], "has 2 inputs and 1 outputs where the function has 1 and 1");
        Refused([relu], [With(Call("f", ["x"], ["y"]), "alpha", 1)], "sets attribute 'alpha', which function 'f' does not have");
        Refused([Function("f", ["a"], ["o"], Standard("Relu", ["b"], ["o"]))], [Call("f", ["x"], ["y"])],
            "function 'f' reads 'b', which nothing in it produces");
        Refused([Function("f", ["a"], ["o"], Standard("Relu", ["a"], ["o"]), Standard("Relu", ["a"], ["o"]))], [Call("f", ["x"], ["y"])],
            "writes 'o' twice");
        Refused([Function("f", ["a", "a"], ["o"], Standard("Relu", ["a"], ["o"]))], [Call("f", ["x"], ["y"])], "two inputs called 'a'");
        var newer = relu.Clone();
        newer.OpsetImport[0].Version = 20;
        Refused([newer], [Call("f", ["x"], ["y"])], "written for operator set 20 and the model for 18");
    }

    private static ModelProto Model(string name) => name switch
    {
        "nested" => Of([
            Function("inner", ["a"], ["o"], Standard("Relu", ["a"], ["t"]), Standard("Add", ["t", "a"], ["o"])),
            Function("outer", ["a"], ["o"], Call("inner", ["a"], ["t"]), Call("inner", ["t"], ["o"]))],
            [Call("outer", ["x"], ["m"]), Call("outer", ["m"], ["y"])]),
        "attributes" => Of([Leaky()], [With(Call("leaky", ["x"], ["m"]), "slope", 0.5f), Call("leaky", ["m"], ["y"])]),
        "clash" => Of([Function("f", ["x"], ["y"], Standard("Relu", ["x"], ["t"]), Standard("Add", ["t", "x"], ["y"]))],
            [Standard("Sigmoid", ["x"], ["first/t"]), Call("f", ["first/t"], ["t"], "first"), Call("f", ["t"], ["y"], "second")]),
        "passed through" => Of([Function("both", ["a"], ["o", "a", "o"], Standard("Relu", ["a"], ["o"]))],
            [Call("both", ["x"], ["r", "same", "again"]), Standard("Add", ["r", "same"], ["s"]), Standard("Add", ["s", "again"], ["y"])]),
        "optional" => Of([Function("clip", ["a", "low", "high"], ["o"], Standard("Clip", ["a", "low", "high"], ["o"]))],
            [Constant("one", 1), Call("clip", ["x", "", "one"], ["y"])]),
        _ => throw new ArgumentException(name),
    };

    private static FunctionProto Leaky()
    {
        var node = Standard("LeakyRelu", ["a"], ["o"]);
        node.Attribute.Add(new AttributeProto { Name = "alpha", Type = AttributeType.Float, RefAttrName = "slope" });
        var leaky = Function("leaky", ["a"], ["o"], node);
        leaky.AttributeProto.Add(new AttributeProto { Name = "slope", Type = AttributeType.Float, F = 1 });
        return leaky;
    }

    private static ModelProto Of(FunctionProto[] functions, NodeProto[] nodes)
    {
        var model = OnnxReaderTests.Change(m =>
        {
            m.OpsetImport[0].Version = 18;
            m.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
            m.Graph.Node.Clear();
            m.Graph.Node.AddRange(nodes);
            m.Functions.AddRange(functions);
            m.Graph.Output[0].Name = "y";
        });
        return model;
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, params NodeProto[] nodes) => new()
    {
        Name = name,
        Domain = Domain,
        Input = { inputs },
        Output = { outputs },
        Node = { nodes },
        OpsetImport = { new OperatorSetIdProto { Version = 18 }, new OperatorSetIdProto { Domain = Domain, Version = 1 } },
    };

    private static NodeProto Call(string function, string[] inputs, string[] outputs, string name = "") =>
        new() { OpType = function, Domain = Domain, Name = name, Input = { inputs }, Output = { outputs } };

    private static NodeProto Standard(string op, string[] inputs, string[] outputs) =>
        new() { OpType = op, Input = { inputs }, Output = { outputs } };

    private static NodeProto Constant(string name, float value) =>
        new()
        {
            OpType = "Constant",
            Output = { name },
            Attribute = { new AttributeProto { Name = "value_float", Type = AttributeType.Float, F = value } },
        };

    private static NodeProto With(NodeProto node, string attribute, float value)
    {
        node.Attribute.Add(new AttributeProto { Name = attribute, Type = AttributeType.Float, F = value });
        return node;
    }

    private static void Refused(FunctionProto[] functions, NodeProto[] nodes, string expected)
    {
        var refused = Assert.Throws<EdgeException>(() => OnnxReader.Read(Of(functions, nodes).ToByteArray(), "m.onnx"));
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }
}
