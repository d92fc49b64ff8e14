using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Types and shapes of every value of a graph, from its inputs and constants through each operator's rule.</summary>
internal static class ShapeInference
{
    /// <summary>Infers all values.</summary>
    /// <returns>By value name; graph inputs and constants included.</returns>
    /// <exception cref="EdgeException">Exit 3: an unknown operator, a value nobody produces, shapes that do not fit, a declared output that differs,
    /// or more than a model may ask for.</exception>
    public static Dictionary<string, TensorInfo> Infer(Graph graph)
    {
        ModelBounds.CheckNodes(graph.Nodes.Count);
        foreach (var input in graph.Inputs) ModelBounds.CheckValue(input.Name, input.Type, input.Shape);
        var values = new Dictionary<string, TensorInfo>(StringComparer.Ordinal);
        foreach (var (name, constant) in graph.Initializers) values[name] = new(name, constant.Type, constant.Shape);
        foreach (var input in graph.Inputs) values[input.Name] = input;
        var declared = Declared(graph);
        var inputs = new List<InputType?>();
        foreach (var node in graph.Nodes)
        {
            inputs.Clear();
            foreach (string name in node.Inputs)
            {
                if (name.Length == 0) inputs.Add(null);
                else if (values.TryGetValue(name, out var info)) inputs.Add(new(info.Type, info.Shape, graph.Constant(name)));
                else throw OperatorRules.Bad(node, $"its input '{name}' is not produced by an earlier node");
            }

            OutputType?[] outputs = [.. node.Outputs.Select(name => declared.TryGetValue(name, out var output) ? output : (OutputType?)null)];
            var types = OperatorTable.Of(node, graph.Opset).Infer(node, CollectionsMarshal.AsSpan(inputs), outputs);
            for (int i = 0; i < types.Length && i < node.Outputs.Count; i++)
            {
                string name = node.Outputs[i];
                ModelBounds.CheckValue(name, types[i].Type, types[i].Shape);
                if (name.Length > 0 && !values.TryAdd(name, new(name, types[i].Type, types[i].Shape)))
                    throw OperatorRules.Bad(node, $"it produces '{name}', which already exists");
            }
        }

        foreach (var output in graph.Outputs)
        {
            if (!values.TryGetValue(output.Name, out var found)) throw EdgeException.BadInput($"output '{output.Name}' is not produced by any node");
            if (output.Type != ElementType.Undefined && (found.Type, found.Shape) != (output.Type, output.Shape))
                throw EdgeException.BadInput(
                    $"output '{output.Name}' is declared as {output.Type}[{output.Shape}], but the network produces {found.Type}[{found.Shape}]");
        }

        return values;
    }

    /// <summary>What the file says of values that are computed, by name; one without a type is left to inference.</summary>
    public static Dictionary<string, OutputType> Declared(Graph graph)
    {
        var declared = new Dictionary<string, OutputType>(StringComparer.Ordinal);
        foreach (var info in graph.Declarations.Concat(graph.Outputs))
            if (info.Type != ElementType.Undefined) declared[info.Name] = new(info.Type, info.Shape);
        return declared;
    }
}
