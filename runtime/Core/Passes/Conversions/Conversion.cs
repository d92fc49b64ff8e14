using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// How the nodes of one operator, in whatever form a file has them, are said in opset 17. One file each, one line in <see
/// cref="ConversionTable"/>.
/// </summary>
internal abstract class Conversion
{
    /// <summary>The operator's name in its domain.</summary>
    public abstract string OpType { get; }

    /// <summary>Empty for ONNX's own operators.</summary>
    public virtual string Domain => "";

    /// <summary>What its nodes may look like, for an operator that is always said in others; null where <see cref="OperatorTable"/> has it.</summary>
    public virtual IReadOnlyList<Signature>? Signatures => null;

    /// <summary>Hands the node, rewritten, or those that stand for it to <paramref name="values"/>.</summary>
    /// <param name="node">As the file has it, checked against its signature; may be changed.</param>
    /// <param name="opset">The operator set that it was written for.</param>
    /// <param name="values">What is known of its inputs.</param>
    /// <returns>Whether anything was rewritten.</returns>
    /// <exception cref="EdgeException">Exit 3: opset 17 cannot say it, or it is not supported.</exception>
    public abstract bool Convert(Node node, int opset, KnownValues values);

    /// <summary>Gives a node's outputs the values that were made for them; of outputs left out nothing remains.</summary>
    protected static void Give(Node node, KnownValues values, IReadOnlyList<string> made)
    {
        for (int i = 0; i < node.Outputs.Count; i++)
            if (node.Outputs[i].Length > 0) values.Add(new Node(OpTypes.Identity, values.Fresh($"{node.Name}/output"), [made[i]], [node.Outputs[i]]));
    }

    /// <summary>Sets an input, with those before it left out where there are none.</summary>
    protected static void SetInput(Node node, int index, string name)
    {
        while (node.Inputs.Count <= index) node.Inputs.Add("");
        node.Inputs[index] = name;
    }

    /// <summary>Removes attributes that say nothing any more.</summary>
    /// <returns>Whether there were any.</returns>
    protected static bool Remove(Node node, params ReadOnlySpan<string> attributes)
    {
        bool removed = false;
        foreach (string name in attributes)
        {
            removed |= node.Attributes.Has(name);
            node.Attributes.Remove(name);
        }

        return removed;
    }

    /// <summary>The integers of an input that must be known now.</summary>
    /// <exception cref="EdgeException">Exit 3: they are computed at run time.</exception>
    protected static long[] Integers(Node node, int input, KnownValues values) =>
        values.Constant(node.Inputs[input]) is { Type: ElementType.Int64 or ElementType.Int32 } constant
            ? constant.ToInt64s()
            : throw OperatorRules.Bad(node, $"input {input} must be a constant list of integers");
}
