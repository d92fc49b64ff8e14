using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Operators of opset 7 to 21 written as in opset 17, so that every other part of the project knows one form:
/// attributes that became inputs (Clip, Pad, Slice, Squeeze, Unsqueeze, Dropout), or inputs that were attributes (ReduceMean), and Softmax over a flattened tail (before 13).
/// </summary>
internal sealed class ConvertToOpset17 : Pass
{
    public override bool Run(Graph graph)
    {
        if (graph.Opset == Graph.WrittenOpset) return false;
        foreach (var node in graph.Nodes)
        {
            switch (node.OpType)
            {
                case "Clip": ToFloatInputs(graph, node, "min", "max"); break;
                case "Pad":
                    ToIntsInput(graph, node, "pads", 1);
                    ToFloatInputs(graph, node, "", "value");
                    break;
                case "Slice":
                    ToIntsInput(graph, node, "starts", 1);
                    ToIntsInput(graph, node, "ends", 2);
                    ToIntsInput(graph, node, "axes", 3);
                    break;
                case "Squeeze" or "Unsqueeze": ToIntsInput(graph, node, "axes", 1); break;
                case "Reshape": ToIntsInput(graph, node, "shape", 1); break;
                case "ReduceMean": ToIntsAttribute(graph, node, "axes", 1); break;
                case "Dropout": node.Attributes.Remove("ratio"); break;
            }
        }

        new FoldShapes().Run(graph); // what is next wants to infer shapes
        if (graph.Opset < 13 && graph.Nodes.Exists(n => n.OpType == "Softmax")) FlattenSoftmax(graph);
        graph.Opset = Graph.WrittenOpset;
        return true;
    }

    // Opset 18 has as an input what was an attribute.
    private static void ToIntsAttribute(Graph graph, Node node, string attribute, int input)
    {
        if (graph.Constant(node.Input(input)) is not { Type: ElementType.Int64 } values) return;
        node.Attributes[attribute] = values.ToInt64s();
        node.Inputs.RemoveRange(input, node.Inputs.Count - input);
    }

    private static void ToIntsInput(Graph graph, Node node, string attribute, int input)
    {
        if (node.Attributes.Ints(attribute) is not { } values) return;
        SetInput(node, input, graph.AddConstant($"{node.Name}.{attribute}", Tensor.Vector<long>(values)));
        node.Attributes.Remove(attribute);
    }

    // Attribute names for inputs 1 and 2; empty where that input has none.
    private static void ToFloatInputs(Graph graph, Node node, string first, string second)
    {
        foreach (var (attribute, input) in new[] { (first, 1), (second, 2) })
        {
            if (attribute.Length == 0 || node.Attributes[attribute] is not float value) continue;
            SetInput(node, input, graph.AddConstant($"{node.Name}.{attribute}", Tensor.Scalar(value)));
            node.Attributes.Remove(attribute);
        }
    }

    private static void SetInput(Node node, int index, string name)
    {
        while (node.Inputs.Count <= index) node.Inputs.Add("");
        node.Inputs[index] = name;
    }

    /// <summary>Before opset 13, Softmax(axis) flattened everything from that axis on and normalised over all of it.</summary>
    private static void FlattenSoftmax(Graph graph)
    {
        var values = ShapeInference.Infer(graph);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.OpType != "Softmax") continue;
            var shape = values[node.Inputs[0]].Shape;
            int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 1), shape.Rank);
            node.Attributes["axis"] = -1L;
            if (axis == shape.Rank - 1) continue;
            string input = node.Inputs[0], output = node.Output, flat = $"{node.Name}.flat", soft = $"{node.Name}.soft";
            node.Inputs[0] = flat;
            node.Outputs[0] = soft;
            string target = graph.AddConstant($"{node.Name}.shape", Tensor.Vector<long>([.. shape.Dimensions.ToArray().Select(d => (long)d)]));
            graph.Nodes.Insert(i, new Node("Flatten", flat, [input], [flat]).With("axis", (long)axis));
            graph.Nodes.Insert(i + 2, new Node("Reshape", $"{node.Name}.unflatten", [soft, target], [output]));
            i += 2;
        }
    }
}
