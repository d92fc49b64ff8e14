namespace ResNetEdge.Model;

/// <summary>One operation of a graph: ONNX's operator name, value names in and out, attributes.</summary>
public sealed class Node
{
    /// <summary>Creates a node of the standard domain.</summary>
    /// <param name="opType">ONNX's operator name, e.g. <c>Conv</c>.</param>
    /// <param name="name">Unique within its graph; messages name it.</param>
    /// <param name="inputs">Value names; the empty string is an optional input left out.</param>
    /// <param name="outputs">Value names; the empty string is an output nobody wants.</param>
    public Node(string opType, string name, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        (OpType, Name) = (opType, name);
        Inputs = [.. inputs];
        Outputs = [.. outputs];
    }

    /// <summary>ONNX's operator name.</summary>
    public string OpType { get; }

    /// <summary>Operator set domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The node's name; unique within its graph.</summary>
    public string Name { get; }

    /// <summary>Names of the values read; the empty string is an optional input left out.</summary>
    public List<string> Inputs { get; }

    /// <summary>Names of the values written.</summary>
    public List<string> Outputs { get; }

    /// <summary>The first output, the only one of most operators.</summary>
    public string Output => Outputs[0];

    /// <summary>Attributes as in ONNX.</summary>
    public Attributes Attributes { get; init; } = new();

    /// <summary>Sets an attribute and returns the node, for building graphs.</summary>
    public Node With(string attribute, object value)
    {
        Attributes[attribute] = value;
        return this;
    }

    /// <summary>The input's name, or empty when the node has fewer inputs.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    /// <summary>A copy that can be changed on its own.</summary>
    public Node Clone() => new(OpType, Name, Inputs, Outputs) { Domain = Domain, Attributes = Attributes.Clone() };

    /// <inheritdoc/>
    public override string ToString() => $"{OpType} '{Name}'";
}
