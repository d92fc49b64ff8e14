using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>
/// One ONNX operator: its shape rule and its slow, exact reference. Stateless; one instance per operator stands in <c>OperatorTable</c>.
/// </summary>
internal abstract class Operator
{
    /// <summary>ONNX's name, also the file's.</summary>
    public string OpType => GetType().Name;

    /// <summary>What nodes may look like, by operator set, oldest first; anything else is refused.</summary>
    public abstract IReadOnlyList<Signature> Signatures { get; }

    /// <summary>Types and shapes of the outputs.</summary>
    /// <param name="node">The node; attributes are checked here, once.</param>
    /// <param name="inputs">What is known of the inputs; null for an optional input left out.</param>
    /// <exception cref="EdgeException">Exit 3: attributes or shapes that the operator does not allow or that this project does not support.</exception>
    public abstract OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs);

    /// <summary>Computes the outputs. Shapes are as inferred. Allocates no managed memory where a network runs it per inference.</summary>
    public abstract void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs);
}

/// <summary>What shape inference knows of an input.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Constant">The value, when it is a constant.</param>
internal sealed record InputType(ElementType Type, Shape Shape, Tensor? Constant);

/// <summary>Type and shape of an output.</summary>
internal readonly record struct OutputType(ElementType Type, Shape Shape);
