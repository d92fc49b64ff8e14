using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>The nodes that stand for one node of a file, each named after it.</summary>
/// <param name="node">The node of the file.</param>
/// <param name="values">Gets the nodes.</param>
internal sealed class StandIns(Node node, KnownValues values)
{
    /// <summary>Shape of a value.</summary>
    /// <exception cref="EdgeException">Exit 3: no earlier node produces it.</exception>
    public Shape ShapeOf(string value) => values.Of(node, value).Shape;

    /// <summary>Adds a node of one output and returns that value's name.</summary>
    public string Add(string opType, string part, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string name = values.Fresh($"{node.Name}/{part}");
        Append(opType, name, inputs, name, attributes);
        return name;
    }

    /// <summary>Adds the node that gives one of the file's outputs.</summary>
    public void Give(int output, string opType, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Append(opType, output == 0 ? node.Name : values.Fresh($"{node.Name}/output"), inputs, node.Outputs[output], attributes);

    /// <summary>Whether somebody wants an output.</summary>
    public bool Wants(int output) => output < node.Outputs.Count && node.Outputs[output].Length > 0;

    /// <summary>A constant list of integers.</summary>
    public string Integers(string part, params ReadOnlySpan<long> numbers) =>
        values.AddConstant($"{node.Name}/{part}", Tensor.Vector<long>(numbers.ToArray()));

    /// <summary>A constant number without dimensions.</summary>
    public string Number(string part, float number) => values.AddConstant($"{node.Name}/{part}", Tensor.Scalar(number));

    /// <summary>A constant of the given shape.</summary>
    public string Constant(string part, Shape shape, float[] numbers) =>
        values.AddConstant($"{node.Name}/{part}", Tensor.From<float>(shape, numbers));

    /// <summary>The same elements in another shape.</summary>
    public string Reshape(string part, string value, params ReadOnlySpan<long> shape) =>
        Add(OpTypes.Reshape, part, [value, Integers($"{part}.shape", shape)]);

    /// <summary>Axes in another order.</summary>
    public string Transpose(string part, string value, params long[] perm) => Add(OpTypes.Transpose, part, [value], ("perm", perm));

    /// <summary>Elements from <paramref name="start"/> to before <paramref name="end"/> of an axis, <paramref name="step"/> apart.</summary>
    public string Slice(string part, string value, long axis, long start, long end, long step = 1) => Add(OpTypes.Slice, part,
        [value, Integers($"{part}.starts", start), Integers($"{part}.ends", end), Integers($"{part}.axes", axis), Integers($"{part}.steps", step)]);

    /// <summary>Refuses the node.</summary>
    public EdgeException Bad(string reason) => OperatorRules.Bad(node, reason);

    private void Append(string opType, string name, string[] inputs, string output, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var made = new Node(opType, name, inputs, [output]);
        foreach (var (attribute, value) in attributes) made.Attributes[attribute] = value;
        values.Add(made);
    }
}
