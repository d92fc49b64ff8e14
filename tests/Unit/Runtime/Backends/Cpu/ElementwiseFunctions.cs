using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>The functions of the operator table, with any parameters: a new operator is tested without another line.</summary>
internal static class ElementwiseFunctions
{
    /// <summary>Every operator that applies a function to each element.</summary>
    public static IReadOnlyList<ElementwiseOperator> Operators { get; } = [.. OperatorTable.All.OfType<ElementwiseOperator>()];

    /// <summary>A node <c>y = f(x)</c> with random attributes, or with none.</summary>
    public static Node Node(ElementwiseOperator elementwise, Random? random)
    {
        var node = new Node(elementwise.OpType, "f", ["x"], ["y"]);
        foreach (var attribute in elementwise.Signatures[^1].Attributes)
            if (random is not null && attribute.Kind == typeof(float)) node.With(attribute.Name, random.NextSingle());
        return node;
    }

    /// <summary>Its function; inputs behind the first are constants, random but in order, or left out.</summary>
    public static ElementFunction Of(ElementwiseOperator elementwise, Random? random)
    {
        var x = new InputType(ElementType.Float32, new Shape(1), null);
        var constants = Enumerable.Range(1, elementwise.Signatures[^1].MaxInputs - 1).Select(i => random is null ? null
            : new InputType(ElementType.Float32, Shape.Scalar, Tensor.Scalar(random.Next(-1, 1) + i * random.NextSingle())));
        return elementwise.FunctionOf(Node(elementwise, random), [x, .. constants])!;
    }
}
