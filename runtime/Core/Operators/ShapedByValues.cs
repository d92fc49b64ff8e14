using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>
/// An operator whose output has a shape that follows from values of its inputs: a Reshape's shape, a Slice's ends. Where these values are constants
/// the shape follows when the model is loaded, else it is the one that the file declares, and every run checks that the values give that shape.
/// </summary>
internal abstract class ShapedByValues : Operator
{
    /// <summary>Most dimensions of a value; more are refused.</summary>
    public const int MaxRank = 16;

    public sealed override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => Infer(node, inputs, default);

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var type = TypeOf(node, inputs);
        int unknown = -1;
        for (int i = inputs.Length - 1; i >= 0; i--)
        {
            if (inputs[i] is not { } input) continue;
            if (input.Shape.Rank > MaxRank)
                throw OperatorRules.Bad(node, $"input {i} has rank {input.Shape.Rank}; more than {MaxRank} is not supported");
            if (!GivesShape(i)) continue;
            if (!MayGiveShape(i, input.Type)) throw OperatorRules.Bad(node, $"input {i} is {input.Type}, which is not supported there");
            if (input.Constant is null) unknown = i;
        }

        return [new(type, unknown < 0 ? KnownShape(node, inputs) : DeclaredShape(node, unknown, inputs, declared))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        Span<long> shape = stackalloc long[MaxRank];
        CheckShape(node, shape[..Dimensions(node, inputs, shape)], outputs[0].Shape);
        Compute(node, inputs, outputs);
    }

    /// <summary>Checks types and ranks, and gives the type of the output.</summary>
    protected abstract ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs);

    /// <summary>Whether the output's shape follows from the values of an input and not only from its shape.</summary>
    protected virtual bool GivesShape(int input) => input > 0;

    /// <summary>Types that such an input may have.</summary>
    protected virtual bool MayGiveShape(int input, ElementType type) => type is ElementType.Int64 or ElementType.Int32;

    /// <summary>The output's dimensions, from the inputs' shapes and from the values of those that give the shape.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Only those that give the shape may be read.</param>
    /// <param name="shape">Filled; room for <see cref="MaxRank"/>.</param>
    /// <returns>The output's rank.</returns>
    /// <exception cref="EdgeException">Exit 3: the values are not allowed.</exception>
    protected abstract int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape);

    /// <summary>Whether a declared shape can be what some values give.</summary>
    protected virtual bool CanBe(Node node, Shape declared, ReadOnlySpan<InputType?> inputs) => true;

    /// <summary>Computes the outputs; the first has the shape that the values give.</summary>
    protected abstract void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs);

    /// <summary>Refuses values that give another shape than the one for which the network was planned.</summary>
    protected static void CheckShape(Node node, ReadOnlySpan<long> shape, Shape planned)
    {
        bool isSame = shape.Length == planned.Rank;
        for (int d = 0; isSame && d < shape.Length; d++) isSame = shape[d] == planned[d];
        if (!isSame)
        {
            string found = shape.Length == 0 ? "scalar" : string.Join('x', shape.ToArray());
            throw OperatorRules.Bad(node, $"its inputs give an output of shape {found}, but the file declares {planned}");
        }
    }

    /// <summary>The declared shape of an output.</summary>
    /// <exception cref="EdgeException">Exit 3: the file declares none.</exception>
    protected static Shape Declared(Node node, int input, ReadOnlySpan<OutputType?> declared) =>
        declared.Length > 0 && declared[0] is { Shape.Rank: <= MaxRank } output
            ? output.Shape
            : throw OperatorRules.Bad(node, $"input {input} must be a constant, or the file must declare the shape of the output");

    private Shape DeclaredShape(Node node, int input, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var shape = Declared(node, input, declared);
        return CanBe(node, shape, inputs)
            ? shape
            : throw OperatorRules.Bad(node, $"the file declares an output of shape {shape}, which no input can give");
    }

    private Shape KnownShape(Node node, ReadOnlySpan<InputType?> inputs)
    {
        using var known = new ConstantViews(inputs);
        Span<long> shape = stackalloc long[MaxRank];
        int rank = Dimensions(node, known.Views, shape);
        var dimensions = new int[rank];
        for (int d = 0; d < rank; d++)
        {
            if (shape[d] is < 0 or > Shape.MaxElements) throw OperatorRules.Bad(node, $"dimension {d} of its output would be {shape[d]}");
            dimensions[d] = (int)shape[d];
        }

        return OperatorRules.ShapeOf(node, dimensions);
    }
}
