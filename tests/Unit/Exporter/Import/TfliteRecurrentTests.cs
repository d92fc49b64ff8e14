using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>Recurrent operators of TensorFlow Lite; what must come out is written from its kernels' definitions, gate by gate.</summary>
public class TfliteRecurrentTests
{
    private const int Steps = 5, Features = 3, Units = 4;
    private const int Rnn = 35, Lstm = 44, BidirectionalLstm = 52;

    [Theory]
    [InlineData(false, false, false), InlineData(true, false, false), InlineData(false, true, false), InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public void An_LSTM_gives_what_its_kernel_defines(bool isCoupled, bool hasPeepholes, bool isTimeFirst)
    {
        var cell = new Cell(new Random(4), isCoupled, hasPeepholes);
        float[] x = Input(), expected = cell.Run(x, isReverse: false);
        Gives(expected, Units, isTimeFirst, (file, input, output) => file.Operator(
            Lstm, [input, .. cell.Put(file), file.Variable([1, Units]), file.Variable([1, Units])], output, Options(isTimeFirst, 3)));
        Gives(expected, Units, isTimeFirst, (file, input, output) => file.Operator(
            Lstm, [input, .. cell.Put(file), file.Variable([1, Units]), file.Variable([1, Units]), -1, -1, -1, -1], output, Options(isTimeFirst, 3)));
    }

    [Theory]
    [InlineData(true, false), InlineData(false, true)]
    public void Both_directions_are_joined_or_two_outputs(bool isMerged, bool isTimeFirst)
    {
        Cell forward = new(new Random(5), false, false), backward = new(new Random(6), false, false);
        float[] x = Input(), a = forward.Run(x, isReverse: false), b = backward.Run(x, isReverse: true);
        float[] joined = [.. a.Chunk(Units).Zip(b.Chunk(Units), static (l, r) => l.Concat(r)).SelectMany(static step => step)];
        Gives(joined, 2 * Units, isTimeFirst, (file, input, output) =>
        {
            int[] states = [.. Enumerable.Range(0, 4).Select(_ => file.Variable([1, Units]))];
            int[] inputs = [input, .. forward.Put(file), .. backward.Put(file), .. states, .. Enumerable.Repeat(-1, 9)];
            (int, object)[] options = [(0, (byte)4), (3, (byte)(isMerged ? 1 : 0)), (4, (byte)(isTimeFirst ? 1 : 0))];
            if (isMerged)
            {
                file.Operator(BidirectionalLstm, inputs, output, options);
                return;
            }

            int left = file.Tensor(Shape(Units, isTimeFirst)), right = file.Tensor(Shape(Units, isTimeFirst));
            file.Operator(BidirectionalLstm, inputs, [left, right], options);
            file.Operator(2, [left, right], output, (0, 2));
        });
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void An_RNN_gives_what_its_kernel_defines(bool isTimeFirst)
    {
        var random = new Random(7);
        float[] w = Random(random, Units * Features), r = Random(random, Units * Units), b = Random(random, Units), x = Input();
        double[] h = new double[Units];
        var expected = new List<float>();
        for (int t = 0; t < Steps; t++)
        {
            h = [.. Enumerable.Range(0, Units).Select(u => Math.Max(0, b[u]
                + Enumerable.Range(0, Features).Sum(f => (double)x[t * Features + f] * w[u * Features + f])
                + Enumerable.Range(0, Units).Sum(k => h[k] * r[u * Units + k])))];
            expected.AddRange(h.Select(static v => (float)v));
        }

        Gives([.. expected], Units, isTimeFirst, (file, input, output) => file.Operator(
            Rnn, [input, file.Floats([Units, Features], w), file.Floats([Units, Units], r), file.Floats([Units], b), file.Variable([1, Units])],
            output, (0, (byte)(isTimeFirst ? 1 : 0)), (1, (byte)1)));
    }

    /// <summary>As the converter writes a layer that is unrolled: steps cut out, products, and the states packed again.</summary>
    [Fact]
    public void An_unrolled_RNN_gives_what_its_operators_define()
    {
        var random = new Random(10);
        float[] w = Random(random, Units * Features), r = Random(random, Units * Units), x = Input();
        double[] h = new double[Units];
        var expected = new List<float>();
        for (int t = 0; t < Steps; t++)
        {
            h = [.. Enumerable.Range(0, Units).Select(u => Math.Tanh(
                Enumerable.Range(0, Features).Sum(f => (double)x[t * Features + f] * w[u * Features + f])
                + Enumerable.Range(0, Units).Sum(k => h[k] * r[u * Units + k])))];
            expected.AddRange(h.Select(static v => (float)v));
        }

        Gives([.. expected], Units, false, (file, input, output) =>
        {
            int weights = file.Floats([Units, Features], w), recurrent = file.Floats([Units, Units], r);
            int state = file.Floats([1, Units], new float[Units]);
            int[] states = new int[Steps];
            for (int t = 0; t < Steps; t++)
            {
                int step = file.Tensor([1, Features]), a = file.Tensor([1, Units]), b = file.Tensor([1, Units]), sum = file.Tensor([1, Units]);
                file.Operator(45, [input, file.Ints(0, t, 0), file.Ints(0, t + 1, 0), file.Ints(1, 1, 1)], step, (0, 5), (1, 5), (4, 2));
                file.Operator(9, [step, weights, -1], a);
                file.Operator(9, [state, recurrent, -1], b);
                file.Operator(0, [a, b], sum);
                states[t] = state = file.Tensor([1, Units]);
                file.Operator(28, [sum], state);
            }

            file.Operator(83, states, output, (0, Steps), (1, 1));
        });
    }

    [Fact]
    public void Weights_in_8_bits_beside_float_values_are_floats()
    {
        var cell = new Cell(new Random(8), false, false) { IsHybrid = true };
        Gives(cell.Run(Input(), isReverse: false), Units, false, (file, input, output) => file.Operator(
            Lstm, [input, .. cell.Put(file), file.Variable([1, Units]), file.Variable([1, Units])], output, Options(false, 3)));
    }

    [Theory]
    [InlineData(16, "projects its state"), InlineData(20, "normalises its gates")]
    public void An_optional_input_that_is_not_read_is_refused_by_name(int input, string says)
    {
        var file = new TinyTflite();
        int x = file.Tensor([1, Steps, Features]), y = file.Tensor([1, Steps, Units]);
        var cell = new Cell(new Random(9), false, false);
        int[] inputs = [x, .. cell.Put(file), file.Variable([1, Units]), file.Variable([1, Units]), -1, -1, -1, -1];
        inputs[input] = file.Floats([Units], new float[Units]);
        file.Operator(Lstm, inputs, y, Options(false, 3));
        Assert.Contains(says, Refusal(file, x, y), StringComparison.Ordinal);
    }

    [Fact]
    public void Clipped_cells_and_other_functions_are_refused()
    {
        foreach (var (option, says) in new[] { ((1, (object)5f), "clips its cells"), ((0, (byte)6), "activation number 6") })
        {
            var file = new TinyTflite();
            int x = file.Tensor([1, Steps, Features]), y = file.Tensor([1, Steps, Units]);
            int[] inputs = [x, .. new Cell(new Random(9), false, false).Put(file), file.Variable([1, Units]), file.Variable([1, Units])];
            file.Operator(Lstm, inputs, y, option);
            Assert.Contains(says, Refusal(file, x, y), StringComparison.Ordinal);
        }
    }

    private static float[] Input() => Random(new Random(3), Steps * Features);

    private static float[] Random(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    private static int[] Shape(int features, bool isTimeFirst) => isTimeFirst ? [Steps, 1, features] : [1, Steps, features];

    private static (int, object)[] Options(bool isTimeFirst, int timeFirst) => [(0, (byte)4), (timeFirst, (byte)(isTimeFirst ? 1 : 0))];

    private static void Gives(float[] expected, int features, bool isTimeFirst, Action<TinyTflite, int, int> build)
    {
        var file = new TinyTflite();
        int x = file.Tensor(Shape(Features, isTimeFirst)), y = file.Tensor(Shape(features, isTimeFirst));
        build(file, x, y);
        using var folder = new TempFolder();
        var graph = SourceNetwork.Open(folder.Write("network.tflite", file.File(x, y)), "auto", null).Graph;
        Network.Near(expected, Network.Run(graph, "fused", Input()));
        if (OnnxRuntimeHere.IsHere) Network.Near(expected, Network.Run(graph, "onnxruntime", Input()));
    }

    private static string Refusal(TinyTflite file, int x, int y)
    {
        using var folder = new TempFolder();
        return Assert.Throws<EdgeException>(() => SourceNetwork.Open(folder.Write("network.tflite", file.File(x, y)), "auto", null)).Message;
    }

    /// <summary>One direction of an LSTM with random weights, computed in double precision; gates i f c o.</summary>
    private sealed class Cell(Random random, bool isCoupled, bool hasPeepholes)
    {
        private const float Scale = 1 / 127f;

        private readonly float[][] _weights = [.. Enumerable.Range(0, 4).Select(_ => WholeSteps(random, Units * Features))],
            _recurrent = [.. Enumerable.Range(0, 4).Select(_ => WholeSteps(random, Units * Units))],
            _peepholes = [.. Enumerable.Range(0, 3).Select(_ => Random(random, Units))],
            _bias = [.. Enumerable.Range(0, 4).Select(_ => Random(random, Units))];

        /// <summary>Whether weights are stored in 8 bits.</summary>
        public bool IsHybrid { get; init; }

        /// <summary>Adds its 17 tensors, −1 for those that are left out.</summary>
        public int[] Put(TinyTflite file)
        {
            int Matrix(float[] values, int columns) => IsHybrid
                ? file.Tensor([Units, columns], TinyTflite.Int8, [.. values.Select(static v => (byte)(sbyte)Math.Round(v / Scale))],
                    TinyTflite.Quantization([Scale], [0]))
                : file.Floats([Units, columns], values);
            int Vector(float[] values) => file.Floats([Units], values);
            return
            [
                .. _weights.Select((w, gate) => gate == 0 && isCoupled ? -1 : Matrix(w, Features)),
                .. _recurrent.Select((r, gate) => gate == 0 && isCoupled ? -1 : Matrix(r, Units)),
                .. _peepholes.Select((p, gate) => !hasPeepholes || (gate == 0 && isCoupled) ? -1 : Vector(p)),
                .. _bias.Select((b, gate) => gate == 0 && isCoupled ? -1 : Vector(b)),
                -1, -1,
            ];
        }

        public float[] Run(float[] x, bool isReverse)
        {
            double[] h = new double[Units], c = new double[Units];
            float[] states = new float[Steps * Units];
            foreach (int t in isReverse ? Enumerable.Range(0, Steps).Reverse() : Enumerable.Range(0, Steps))
            {
                double Sum(int gate, int u) => _bias[gate][u]
                    + Enumerable.Range(0, Features).Sum(f => (double)x[t * Features + f] * _weights[gate][u * Features + f])
                    + Enumerable.Range(0, Units).Sum(k => h[k] * _recurrent[gate][u * Units + k]);
                double Peep(int part, int u, double cell) => hasPeepholes ? _peepholes[part][u] * cell : 0;
                double[] next = new double[Units], cells = new double[Units];
                for (int u = 0; u < Units; u++)
                {
                    double forget = Sigmoid(Sum(1, u) + Peep(1, u, c[u]));
                    double input = isCoupled ? 1 - forget : Sigmoid(Sum(0, u) + Peep(0, u, c[u]));
                    cells[u] = forget * c[u] + input * Math.Tanh(Sum(2, u));
                    next[u] = Sigmoid(Sum(3, u) + Peep(2, u, cells[u])) * Math.Tanh(cells[u]);
                    states[t * Units + u] = (float)next[u];
                }

                (h, c) = (next, cells);
            }

            return states;
        }

        // Whole steps of the 8-bit form, so that both forms have the same numbers.
        private static float[] WholeSteps(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-127, 128) * Scale)];

        private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
    }
}
