using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>
/// What RNN, GRU and LSTM share: X, W, R, B, sequence_lens, initial_h and what an LSTM has beyond; out come Y of every step and the last state. Steps
/// behind the end of a sequence are 0. The state stays in double until the sequence ends.
/// </summary>
internal abstract class RecurrentOperator : Operator
{
    private const int MostFunctions = 6; // three of each direction

    public override OperatorTraits Traits { get; } = new()
    {
        Inputs =
        [
            InputRole.Data, InputRole.Weight, InputRole.Weight, InputRole.Bias, InputRole.Setting, InputRole.Operand, InputRole.Operand,
            InputRole.Trained,
        ],
    };

    /// <summary>Attributes that all of them have in every operator set.</summary>
    protected static AttributeRule[] Shared { get; } =
    [
        Floats("activation_alpha"), Floats("activation_beta"), Texts("activations"), Float("clip"),
        Text("direction").Only("forward", "reverse", "bidirectional"), Int("hidden_size"),
    ];

    /// <summary>Gates of a unit; W and R have that many rows for each.</summary>
    public abstract int Gates { get; }

    /// <summary>Activations of one direction where the node names none.</summary>
    protected abstract ReadOnlySpan<GateFunction.Function> Defaults { get; }

    /// <summary>Whether the state has a second part, the cell.</summary>
    protected virtual bool HasCell => false;

    /// <summary>The activations of every direction, in the node's order.</summary>
    /// <exception cref="EdgeException">Exit 3: an unknown name, or not as many names as there are gates.</exception>
    public GateFunction[] Functions(Node node, int directions)
    {
        var functions = new GateFunction[directions * Defaults.Length];
        GateFunction.Resolve(node, Defaults, functions);
        return functions;
    }

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.AnyFloat(node, 0), w = inputs.OfType(node, 1, x.Type), r = inputs.OfType(node, 2, x.Type);
        if (x.Shape.Rank != 3 || w.Shape.Rank != 3 || r.Shape.Rank != 3)
            throw OperatorRules.Bad(node, $"inputs of shape {x.Shape}, {w.Shape} and {r.Shape}; three axes each are expected");
        int directions = node.Attributes.String("direction", "forward") == "bidirectional" ? 2 : 1, hidden = r.Shape[2];
        if (node.Attributes.Int("hidden_size", hidden) != hidden)
            throw OperatorRules.Bad(node, $"hidden_size {node.Attributes.Int("hidden_size", 0)} does not fit weights of shape {r.Shape}");
        inputs.OfTypeAndShape(node, 1, x.Type, directions, Gates * hidden, x.Shape[2]);
        inputs.OfTypeAndShape(node, 2, x.Type, directions, Gates * hidden, hidden);
        var shape = RecurrentShape.Of(node, x.Shape, r.Shape);
        var state = shape.State(node);
        if (inputs.Optional(3) is not null) inputs.OfTypeAndShape(node, 3, x.Type, directions, 2 * Gates * hidden);
        if (inputs.Optional(4) is not null) inputs.OfTypeAndShape(node, 4, ElementType.Int32, shape.Batch);
        for (int i = 5; i < 7; i++)
            if (inputs.Optional(i) is not null) inputs.OfTypeAndShape(node, i, x.Type, state.Dimensions);
        if (inputs.Optional(7) is not null) inputs.OfTypeAndShape(node, 7, x.Type, directions, 3 * hidden);
        Span<GateFunction> functions = stackalloc GateFunction[MostFunctions];
        GateFunction.Resolve(node, Defaults, functions[..(directions * Defaults.Length)]);
        OutputType last = new(x.Type, state);
        return [new(x.Type, shape.Sequence(node)), last, last];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var shape = RecurrentShape.Of(node, inputs[0].Shape, inputs[2].Shape);
        Span<GateFunction> functions = stackalloc GateFunction[MostFunctions];
        functions = functions[..(shape.Directions * Defaults.Length)];
        GateFunction.Resolve(node, Defaults, functions);
        var memory = new NativeNumbers(4 * shape.Hidden);
        try
        {
            var state = new RecurrentState(memory, shape.Hidden);
            for (int direction = 0; direction < shape.Directions; direction++)
                for (int batch = 0; batch < shape.Batch; batch++)
                    Run(node, inputs, outputs, shape, functions.Slice(direction * Defaults.Length, Defaults.Length), state, direction, batch);
        }
        finally
        {
            memory.Dispose();
        }
    }

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        graph.Constant(node.Input(1)) is { Type: ElementType.Float32, Shape.ElementCount: > 0 }
        && graph.Constant(node.Input(2)) is { Type: ElementType.Float32, Shape.ElementCount: > 0 }
            ? QuantizationRule.StoresInt8Weights
            : QuantizationRule.StaysFloat;

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        weights.Rank != 3 || output.Rank < 3 ? 0 : output.ElementCount * (long)Gates * (weights[2] + output[^1]);

    /// <summary>One step: from the state before it to the state behind it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="gates">Weights of the direction.</param>
    /// <param name="functions">Activations of the direction.</param>
    /// <param name="x">First number of the step.</param>
    /// <param name="state">The state; <see cref="RecurrentState.Next"/> is written.</param>
    /// <param name="peepholes">P of the direction, or empty views.</param>
    protected abstract void Step(
        Node node, in RecurrentGates gates, ReadOnlySpan<GateFunction> functions, int x, in RecurrentState state, in Peepholes peepholes);

    private void Run(
        Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs, in RecurrentShape shape,
        ReadOnlySpan<GateFunction> functions, RecurrentState state, int direction, int batch)
    {
        var gates = new RecurrentGates(inputs, shape, Gates, direction);
        var peepholes = new Peepholes(inputs.Length > 7 ? inputs[7] : default, direction, shape.Hidden);
        int length = inputs.Length > 4 && inputs[4].IsPresent ? inputs[4].As<int>()[batch] : shape.Steps, at = shape.StateAt(direction, batch);
        if (length < 0 || length > shape.Steps)
            throw OperatorRules.Bad(node, $"sequence {batch} is {length} steps long, but there are {shape.Steps}");
        Load(inputs.Length > 5 ? inputs[5] : default, at, state.Hidden);
        Load(inputs.Length > 6 ? inputs[6] : default, at, state.Cell);
        for (int step = 0; step < shape.Steps; step++)
        {
            bool isIn = step < length;
            int time = isIn && RecurrentShape.IsReverse(node, direction) ? length - 1 - step : step;
            if (isIn)
            {
                Step(node, gates, functions, shape.InputAt(time, batch), state, peepholes);
                state.Next.CopyTo(state.Hidden);
            }

            if (!outputs[0].IsPresent) continue;
            int y = shape.OutputAt(time, direction, batch);
            for (int i = 0; i < shape.Hidden; i++) outputs[0].Set(y + i, isIn ? state.Hidden[i] : 0.0);
        }

        Store(outputs, 1, at, state.Hidden);
        if (HasCell) Store(outputs, 2, at, state.Cell);
    }

    private static void Load(in TensorView initial, int first, Span<double> state)
    {
        for (int i = 0; i < state.Length; i++) state[i] = initial.IsPresent ? initial.Number(first + i) : 0;
    }

    private static void Store(ReadOnlySpan<TensorView> outputs, int index, int first, ReadOnlySpan<double> state)
    {
        if (index >= outputs.Length || !outputs[index].IsPresent) return;
        for (int i = 0; i < state.Length; i++) outputs[index].Set(first + i, state[i]);
    }
}
