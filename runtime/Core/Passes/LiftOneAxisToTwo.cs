using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: Conv, ConvTranspose and pools over one axis, [N][C][L], and functions of each element and sums between them. After: the same over
/// [N][C][1][L], between an Unsqueeze and a Squeeze, which need no step; so the kernels for pictures compute them. Condition: weights are float
/// constants.
/// </summary>
internal sealed class LiftOneAxisToTwo : Pass
{
    private const int NewAxis = 2;

    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static node => IsWindow(node))) return false;
        var lift = new Lift(graph, ShapeInference.Infer(graph));
        foreach (var node in graph.Nodes) lift.Add(node);
        if (!lift.HasWindows) return false;
        foreach (var output in graph.Outputs) lift.Lower(output.Name);
        graph.Nodes.Clear();
        graph.Nodes.AddRange(lift.Nodes);
        return true;
    }

    private static bool IsWindow(Node node) =>
        node is { OpType: OpTypes.MaxPool or OpTypes.AveragePool or OpTypes.GlobalAveragePool, Domain.Length: 0, Outputs.Count: 1 } || IsConv(node);

    private static bool IsConv(Node node) => node is { OpType: OpTypes.Conv or OpTypes.ConvTranspose, Domain.Length: 0, Outputs.Count: 1 };

    /// <summary>The graph as it becomes, node by node.</summary>
    private sealed class Lift(Graph graph, Dictionary<string, TensorInfo> values)
    {
        private readonly Dictionary<string, string> _lifted = new(StringComparer.Ordinal);
        private readonly HashSet<string> _lowered = []; // exists on one axis too
        private readonly FreshNames _names = graph.FreshNames();
        private string? _axes;

        public List<Node> Nodes { get; } = [];

        public bool HasWindows { get; private set; }

        public void Add(Node node)
        {
            if (IsWindow(node) && Rank(node.Inputs[0]) == 3
                && (!IsConv(node) || graph.Constant(node.Inputs[1]) is { Type: ElementType.Float32 }))
            {
                HasWindows = true;
                AddLifted(node, data: 1);
            }
            else if (node.Outputs.Count == 1 && node.Inputs.Exists(_lifted.ContainsKey) && DataOf(node) is > 0 and var data) AddLifted(node, data);
            else
            {
                foreach (string input in node.Inputs) Lower(input);
                Nodes.Add(node);
            }
        }

        /// <summary>Makes a value that exists on two axes there on one as well.</summary>
        public void Lower(string value)
        {
            if (_lifted.TryGetValue(value, out string? from) && _lowered.Add(value))
                Nodes.Add(new Node(OpTypes.Squeeze, _names.Of($"{value}.squeeze"), [from, Axes()], [value]));
        }

        /// <summary>How many first inputs are values to be lifted; 0 for a node that stays as it is.</summary>
        private int DataOf(Node node)
        {
            var traits = OperatorTable.TraitsOf(node);
            if (node.OpType == OpTypes.Add)
                return Rank(node.Inputs[0]) == 3 && values[node.Inputs[0]].Shape == values[node.Inputs[1]].Shape ? 2 : 0;
            bool isPerElement = traits.Elements == ElementFlow.Mapped || traits.IsQuantization;
            return isPerElement && Rank(node.Inputs[0]) == 3
                && node.Inputs.Skip(1).All(i => i.Length == 0 || values[i].Shape.ElementCount == 1) ? 1 : 0;
        }

        private void AddLifted(Node node, int data)
        {
            string output = _names.Of($"{node.Output}.lifted");
            var lifted = new Node(node.OpType, node.Name, node.Inputs, [output]) { Attributes = node.Attributes.Clone(), Domain = node.Domain };
            for (int i = 0; i < data; i++) lifted.Inputs[i] = Lifted(node.Inputs[i]);
            foreach (string other in node.Inputs.Skip(data)) Lower(other);
            if (IsConv(node)) lifted.Inputs[1] = Weights(node.Inputs[1]);
            foreach (string attribute in (ReadOnlySpan<string>)["kernel_shape", "strides", "dilations"])
                if (IsWindow(node) && node.Attributes.Ints(attribute) is [var one]) lifted.Attributes[attribute] = new long[] { 1, one };
            if (IsConv(node) && node.Attributes.Ints("output_padding") is [var more]) lifted.Attributes["output_padding"] = new long[] { 0, more };
            if (IsConv(node) && node.Attributes.Ints("output_shape") is [.., var size]) lifted.Attributes["output_shape"] = new long[] { 1, size };
            if (IsWindow(node) && node.Attributes.Ints("pads") is [var before, var after])
                lifted.Attributes["pads"] = new long[] { 0, before, 0, after };
            _lifted[node.Output] = output;
            graph.MarkLike(node.Output, output);
            Nodes.Add(lifted);
        }

        private string Lifted(string value)
        {
            if (_lifted.TryGetValue(value, out string? lifted)) return lifted;
            lifted = _names.Of($"{value}.lifted");
            graph.MarkLike(value, lifted);
            Nodes.Add(new Node(OpTypes.Unsqueeze, _names.Of($"{value}.unsqueeze"), [value, Axes()], [lifted]));
            _lowered.Add(value);
            return _lifted[value] = lifted;
        }

        private string Weights(string name)
        {
            var weights = graph.Constant(name)!;
            var shape = new Shape(weights.Shape[0], weights.Shape[1], 1, weights.Shape[2]);
            return graph.AddConstant(_names, $"{name}.lifted", weights.Reshape(shape));
        }

        private string Axes() => _axes ??= graph.AddConstant(_names, "lifted.axes", Tensor.Vector<long>(NewAxis));

        private int Rank(string value) => values[value].Shape.Rank;
    }
}
