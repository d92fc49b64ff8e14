using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>
/// One ONNX operator: its shape rule and its slow, exact reference. Stateless; one instance per operator stands in <c>OperatorTable</c>.
/// </summary>
internal abstract class Operator
{
    /// <summary>ONNX's name, as nodes have it.</summary>
    public abstract string OpType { get; }

    /// <summary>What is known of it apart from how it is computed.</summary>
    public virtual OperatorTraits Traits => OperatorTraits.None;

    /// <summary>What nodes may look like, by operator set, oldest first; anything else is refused.</summary>
    public abstract IReadOnlyList<Signature> Signatures { get; }

    /// <summary>Types and shapes of the outputs.</summary>
    /// <param name="node">The node; attributes are checked here, once.</param>
    /// <param name="inputs">What is known of the inputs; null for an optional input left out.</param>
    /// <exception cref="EdgeException">Exit 3: attributes or shapes that the operator does not
    /// allow or that this project does not support.</exception>
    public abstract OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs);

    /// <summary>
    /// As the other; the operator may also use what the file says of the outputs where their shapes follow from values that are known only when the
    /// network runs. <see cref="Evaluate"/> then checks that the values give this shape.
    /// </summary>
    /// <param name="node">The node; attributes are checked here, once.</param>
    /// <param name="inputs">What is known of the inputs; null for an optional input left out.</param>
    /// <param name="declared">Type and shape of each output as the file declares it; null where it does not, or leaves a dimension open.</param>
    /// <exception cref="EdgeException">As the other.</exception>
    public virtual OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared) => Infer(node, inputs);

    /// <summary>Computes the outputs. Shapes are as inferred. Allocates no managed memory.</summary>
    public abstract void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs);

    /// <summary>Whether a node gives its first input, unchanged in value, type and shape, so that its readers can read that input.</summary>
    public virtual bool IsIdentity(Node node) => false;

    /// <summary>What quantisation makes of a node of a float graph.</summary>
    /// <param name="node">The node.</param>
    /// <param name="graph">Its graph, for the constants that the node reads.</param>
    public virtual QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.StaysFloat;

    /// <summary>The range to which a node clamps its input; null where <see cref="OperatorTraits.IsClamp"/> is false.</summary>
    /// <param name="node">The node.</param>
    /// <param name="low">What is known of its second input, or null.</param>
    /// <param name="high">What is known of its third input, or null.</param>
    /// <exception cref="EdgeException">Exit 3: a bound is computed or not a float scalar.</exception>
    public virtual (float Low, float High)? Clamp(Node node, InputType? low, InputType? high) => null;

    /// <summary>
    /// Axis of a node's weights along which its output channels lie, where each output is a plain sum of products and a bias; null for anything
    /// else, and where the attributes scale the sum or transpose the data.
    /// </summary>
    public virtual int? OutputChannelAxis(Node node) => null;

    /// <summary>Multiply-accumulates of one run of a node; 0 for an operator without weights.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weights">Shape of its second input.</param>
    /// <param name="output">Shape of its output.</param>
    public virtual long MultiplyAccumulates(Node node, Shape weights, Shape output) => 0;

    /// <summary>Whether a layer can compute in int8: weights and bias are float constants, one number of the bias for each output channel.</summary>
    protected bool HasPlainWeights(Node node, Graph graph) =>
        OutputChannelAxis(node) is not null && graph.Constant(node.Input(1)) is { Type: ElementType.Float32, Shape.Rank: >= 2 }
        && (node.Input(2).Length == 0 || graph.Constant(node.Input(2)) is { Type: ElementType.Float32, Shape.Rank: 1 });
}

/// <summary>What shape inference knows of an input.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions of the value.</param>
/// <param name="Constant">The value, when it is a constant.</param>
internal sealed record InputType(ElementType Type, Shape Shape, Tensor? Constant);

/// <summary>Type and shape of an output.</summary>
internal readonly record struct OutputType(ElementType Type, Shape Shape);
