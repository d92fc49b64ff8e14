using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Recurrent;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// RNN, GRU and LSTM in float32 with constant weights, as two steps: what all gates get from the inputs, for all time steps at once, which is a 1×1
/// convolution over them; then the recurrence. Computed weights are left to the reference.
/// </summary>
internal sealed class RecurrentSteps : Fusion
{
    private const int X = 0, W = 1, R = 2, B = 3, Lengths = 4, InitialHidden = 5, InitialCell = 6, P = 7;

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (OperatorTable.Of(node) is not RecurrentOperator recurrent || !HasConstantWeights(plan, node)) return false;
        var shape = RecurrentShape.Of(node, plan.Info(node.Inputs[X]).Shape, plan.Info(node.Inputs[R]).Shape);
        if (shape.Hidden == 0 || shape.Inputs == 0 || shape.Steps * shape.Batch == 0) return false;
        bool resetsProduct = node.OpType == OpTypes.GRU && node.Attributes.Int("linear_before_reset", 0) != 0;
        var bias = new RecurrentBias(node.Input(B).Length == 0 ? null : Floats(plan, node.Inputs[B]), shape, recurrent.Gates, resetsProduct);
        var product = AppendProduct(plan, node, shape, recurrent.Gates, bias.OfInputs);
        var (reads, writes) = (new List<PlanBuffer> { product }, new List<PlanBuffer>());
        plan.Append(new PlanStep(node.OpType, node.Name, new RecurrentFp32Problem
        {
            Layer = node.ToString(),
            Cell = (RecurrentCell)recurrent.Gates,
            Shape = shape,
            IsReverse = RecurrentShape.IsReverse(node, 0),
            Functions = recurrent.Functions(node, shape.Directions),
            StateWeights = FloatMemory(plan, node.Inputs[R]),
            ResetsProduct = resetsProduct,
            CandidateBias = bias.OfCandidate,
            CouplesGates = node.Attributes.Int("input_forget", 0) != 0,
            Peepholes = node.Input(P).Length == 0 ? null : Floats(plan, node.Inputs[P]),
            Product = product.Inside.Offset,
            Lengths = AreAllWhole(plan, node, shape) ? null : Read(plan, node, Lengths, ElementType.Int32, reads),
            InitialHidden = Read(plan, node, InitialHidden, ElementType.Float32, reads),
            InitialCell = Read(plan, node, InitialCell, ElementType.Float32, reads),
            Sequence = Write(plan, node, 0, writes),
            LastHidden = Write(plan, node, 1, writes),
            LastCell = Write(plan, node, 2, writes),
        }, [.. reads], [.. writes])
        {
            Weights = plan.Graph.Constant(node.Inputs[R])?.Bytes ?? default,
            Macs = (long)shape.Steps * shape.Batch * shape.Directions * recurrent.Gates * shape.Hidden * shape.Hidden,
        });
        return true;
    }

    private static bool HasConstantWeights(PlanBuilder plan, Node node)
    {
        if (plan.Info(node.Inputs[X]).Type != ElementType.Float32) return false;
        foreach (int input in (ReadOnlySpan<int>)[W, R, B, P])
            if (node.Input(input).Length > 0 && !plan.Views.IsConstant(node.Inputs[input])) return false;
        return true;
    }

    private static PlanBuffer AppendProduct(PlanBuilder plan, Node node, in RecurrentShape shape, int gates, float[] bias)
    {
        var conv = new ConvShape
        {
            InputHeight = 1,
            InputWidth = shape.Steps * shape.Batch,
            InputChannels = shape.Inputs,
            OutputChannels = OperatorRules.Scaled(node, shape.Hidden, gates * shape.Directions),
            KernelHeight = 1,
            KernelWidth = 1,
        };
        var input = plan.Demand(node.Inputs[X], ElementType.Float32, Layout.Plain);
        var output = plan.Steps.NewBuffer(
            new TensorInfo("", ElementType.Float32, OperatorRules.ShapeOf(node, conv.InputWidth, conv.OutputChannels)), ElementType.Float32);
        plan.Append(new PlanStep(node.OpType, node.Name, new ConvFp32Problem
        {
            Shape = conv,
            Weights = FloatMemory(plan, node.Inputs[W]),
            Bias = bias,
            Input = input.Inside,
            PaddingOffset = 0,
            Output = output.Inside,
        }, [input], [output])
        {
            Padding = plan.Forms.Padding(ElementType.Float32, 0, ConvChecks.PaddingBytes(conv, sizeof(float))),
            Weights = plan.Graph.Constant(node.Inputs[W])?.Bytes ?? default,
            Macs = conv.Macs,
        });
        return output;
    }

    private static bool AreAllWhole(PlanBuilder plan, Node node, RecurrentShape shape) =>
        node.Input(Lengths).Length > 0 && plan.Graph.Constant(node.Inputs[Lengths]) is { } lengths && lengths.ToInt64s().All(l => l == shape.Steps);

    private static long? Read(PlanBuilder plan, Node node, int input, ElementType type, List<PlanBuffer> reads)
    {
        if (node.Input(input).Length == 0) return null;
        reads.Add(plan.Demand(node.Inputs[input], type, Layout.Plain));
        return reads[^1].Inside.Offset;
    }

    private static long? Write(PlanBuilder plan, Node node, int output, List<PlanBuffer> writes)
    {
        if (output >= node.Outputs.Count || node.Outputs[output].Length == 0) return null;
        string name = node.Outputs[output];
        writes.Add(plan.Steps.NewBuffer(plan.Info(name), ElementType.Float32));
        plan.Forms.Produced(name, writes[^1], Layout.Plain);
        return writes[^1].Inside.Offset;
    }

    private static float[] Floats(PlanBuilder plan, string value) =>
        plan.Views.Constant(value)?.Dequantize() ?? plan.Graph.Initializers[value].ToFloats();

    private static ReadOnlyMemory<float> FloatMemory(PlanBuilder plan, string value) =>
        plan.Views.Constant(value)?.Dequantize() ?? plan.Graph.Initializers[value].MemoryAs<float>();
}
