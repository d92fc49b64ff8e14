using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Passes.Conversions;
using ResNetEdge.Tests.Unit.Runtime.Operators;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

/// <summary>How a model is refused whose operators are not all there.</summary>
public class UnsupportedOperatorTests
{
    // Of operator sets after 17, and in no list of schemas here because nobody has to know their forms.
    private static readonly string[] Newer = ["RegexFullMatch", "StringConcat", "StringSplit", "ImageDecoder"];

    [Fact]
    public void Everything_that_is_missing_is_named_once()
    {
        string message = Refusal(["SequenceAt", "Relu", "Foo", "Foo", "com.example::Bar"]);
        Assert.Equal("the operators SequenceAt (sequences, which no network on a device takes or gives), Foo, com.example::Bar are not supported; "
            + "node 'node0' uses the first", message);
    }

    [Fact]
    public void A_single_one_is_named_with_its_node() =>
        Assert.Equal("node 'node1' uses operator Bernoulli, which is not supported (random numbers, which make two runs of one input differ)",
            Refusal(["Relu", "Bernoulli"]));

    [Fact]
    public void The_sentence_stays_short_however_many_are_missing()
    {
        string message = Refusal([.. Enumerable.Range(0, 40).Select(i => $"Foo{i}")]);
        Assert.Contains("Foo10, Foo11 and 28 more are not supported", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_for_good_is_an_operator_of_ONNX_and_of_no_table()
    {
        foreach (string name in UnsupportedOperators.ForGood.SelectMany(static group => group.Operators))
        {
            Assert.DoesNotContain(OperatorTable.All, o => o.OpType == name);
            Assert.DoesNotContain(ConversionTable.All, c => c.Domain.Length == 0 && c.OpType == name);
            if (!name.Contains("::", StringComparison.Ordinal) && !Newer.Contains(name))
                Assert.True(Enumerable.Range(1, 23).Any(opset => OnnxSchemas.Of(name, opset) is not null), $"ONNX has no {name}");
        }
    }

    private static string Refusal(string[] operators)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2)));
        for (int i = 0; i < operators.Length; i++)
        {
            string[] parts = operators[i].Split("::");
            graph.Add(new Node(parts[^1], $"node{i}", ["x"], [$"y{i}"]) { Domain = parts.Length > 1 ? parts[0] : "" });
        }

        graph.Outputs.Add(new("y0", ElementType.Undefined, default));
        return Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message;
    }
}
