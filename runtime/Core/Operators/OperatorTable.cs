using ResNetEdge.Model;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Movement;
using ResNetEdge.Operators.Normalization;
using ResNetEdge.Operators.Products;
using ResNetEdge.Operators.Quantization;
using ResNetEdge.Operators.Reductions;
using ResNetEdge.Operators.Windows;

namespace ResNetEdge.Operators;

/// <summary>Every operator this project knows, in one place. An operator that is not here is refused by its name.</summary>
internal static class OperatorTable
{
    /// <summary>One instance per operator, in alphabetical order.</summary>
    public static readonly Operator[] All =
    [
        new Add(),
        new AveragePool(),
        new BatchNormalization(),
        new Cast(),
        new Clip(),
        new Concat(),
        new Constant(),
        new ConstantOfShape(),
        new Conv(),
        new DequantizeLinear(),
        new Div(),
        new Dropout(),
        new Elu(),
        new Flatten(),
        new Gather(),
        new Gemm(),
        new GlobalAveragePool(),
        new HardSigmoid(),
        new HardSwish(),
        new Identity(),
        new LeakyRelu(),
        new MatMul(),
        new MaxPool(),
        new Mul(),
        new Pad(),
        new QuantizeLinear(),
        new ReduceMean(),
        new Relu(),
        new Reshape(),
        new Sigmoid(),
        new Slice(),
        new Softmax(),
        new Squeeze(),
        new Sub(),
        new Tanh(),
        new Transpose(),
        new Unsqueeze(),
    ];

    private static readonly Dictionary<string, Operator> ByName = All.ToDictionary(o => o.OpType, StringComparer.Ordinal);

    /// <summary>The operator of a node, or null when it is not supported.</summary>
    public static Operator? Find(Node node) => node.Domain.Length == 0 ? ByName.GetValueOrDefault(node.OpType) : null;

    /// <summary>What is known of a node's operator; <see cref="OperatorTraits.None"/> when it is not supported.</summary>
    public static OperatorTraits TraitsOf(Node node) => Find(node)?.Traits ?? OperatorTraits.None;

    /// <summary>The operator of a node.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator is not supported.</exception>
    public static Operator Of(Node node) => Find(node) ?? throw EdgeException.BadInput(
        UnsupportedOperators.Sentence([UnsupportedOperators.NameOf(node)], node.Name));

    /// <summary>The operator of a node that says only what the operator knows.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator is not supported, or the node has an attribute, a value, an input or an output that
    /// it does not know.</exception>
    public static Operator Of(Node node, int opset)
    {
        var found = Of(node);
        SignatureOf(node, found.Signatures, opset).Check(node, opset);
        return found;
    }

    /// <summary>The signature of a node's operator in an operator set.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator came later.</exception>
    public static Signature SignatureOf(Node node, IReadOnlyList<Signature> signatures, int opset) => Signature.Of(signatures, opset)
        ?? throw OperatorRules.Bad(
            node, $"{node.OpType} of operator set {opset} is not supported; convert the model to {signatures[0].Since} or newer");
}
