using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>Operators of TensorFlow Lite one by one; what must come out is written from TensorFlow's definitions.</summary>
public class TfliteOperatorTests
{
    private const int Gelu = 150;
    private static readonly int[] MirroredColumns = [0, 0, 0, 0, 1, 1, 0, 0];

    private static readonly ChannelsLast X = ChannelsLast.Random(new Random(3), 1, 4, 6, 8);

    /// <summary>Operator code, its function, and its options.</summary>
    public static TheoryData<int, Func<double, double>, (int, object)[]> Functions => new()
    {
        { 28, Math.Tanh, [] },
        { 117, static v => v * Math.Clamp(v + 3, 0, 6) / 6, [] },
        { 101, Math.Abs, [] },
        { 59, static v => -v, [] },
        { 47, Math.Exp, [] },
        { 8, Math.Floor, [] },
        { 104, Math.Ceiling, [] },
        { 66, Math.Sin, [] },
        { 108, Math.Cos, [] },
        { 92, static v => v * v, [] },
        { 111, static v => v < 0 ? Math.Exp(v) - 1 : v, [] },
        { 98, static v => v < 0 ? 0.25 * v : v, [(0, 0.25f)] },
        { 152, static v => Math.Clamp(v, 0, 1), [] },
        { 116, static v => Math.Round(v, MidpointRounding.ToEven), [] },
        { Gelu, static v => v / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))), [(0, (byte)1)] },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_applied_to_each_element(int code, Func<double, double> function, (int, object)[] options) =>
        Gives(X.Map(v => (float)function(v)), (file, x, y) => file.Operator(code, [x], y, options));

    [Theory]
    [InlineData(73)]
    [InlineData(75)]
    [InlineData(76)]
    public void Roots_and_logarithms_of_positive_numbers(int code)
    {
        var positive = X.Map(static v => Math.Abs(v) + 0.1f);
        var expected = positive.Map(v => (float)(code switch { 73 => Math.Log(v), 75 => Math.Sqrt(v), _ => 1 / Math.Sqrt(v) }));
        Gives(expected, (file, x, y) => file.Operator(code, [x], y), positive);
    }

    [Theory]
    [InlineData(55)]
    [InlineData(57)]
    [InlineData(99)]
    public void A_function_of_a_picture_and_a_vector_of_channels(int code)
    {
        float[] vector = ChannelsLast.Random(new Random(4), 8).Data;
        var expected = new ChannelsLast(X.Shape, [.. X.Data.Select((v, i) => (v, w: vector[i % 8])).Select(p => code switch
        {
            55 => Math.Max(p.v, p.w),
            57 => Math.Min(p.v, p.w),
            _ => (p.v - p.w) * (p.v - p.w),
        })]);
        Gives(expected, (file, x, y) => file.Operator(code, [x, file.Floats([8], vector)], y));
    }

    [Fact]
    public void A_slope_for_each_channel()
    {
        float[] slopes = ChannelsLast.Random(new Random(5), 8).Data;
        var expected = new ChannelsLast(X.Shape, [.. X.Data.Select((v, i) => v < 0 ? v * slopes[i % 8] : v)]);
        Gives(expected, (file, x, y) => file.Operator(54, [x, file.Floats([1, 1, 8], slopes)], y));
    }

    /// <summary>Code, axes of N H W C, whether they stay.</summary>
    [Theory]
    [InlineData(40, new[] { 3 }, false)]
    [InlineData(40, new[] { 1, 2 }, true)]
    [InlineData(40, new[] { -3 }, false)]
    [InlineData(74, new[] { 2 }, true)]
    [InlineData(82, new[] { 1, 3 }, false)]
    [InlineData(89, new[] { 3 }, false)]
    [InlineData(81, new[] { 1 }, false)]
    public void A_reduction_over_axes_of_the_file(int code, int[] axes, bool keeps)
    {
        int[] places = [.. axes.Select(static a => a < 0 ? a + 4 : a)];
        var groups = Enumerable.Range(0, X.Data.Length).GroupBy(i => Key(i, places)).OrderBy(static g => g.Key);
        float[] values = [.. groups.Select(g => g.Select(i => (double)X.Data[i]).ToList()).Select(g => (float)(code switch
        {
            40 => g.Average(),
            74 => g.Sum(),
            82 => g.Max(),
            89 => g.Min(),
            _ => g.Aggregate(1.0, static (a, b) => a * b),
        }))];
        int[] shape = [.. X.Shape.Select((d, i) => (Size: places.Contains(i) ? 1 : d, Axis: i)).Where(d => keeps || !places.Contains(d.Axis))
            .Select(static d => d.Size)];
        Gives(new(shape, values), (file, x, y) => file.Operator(code, [x, file.Ints(axes)], y, (0, (byte)(keeps ? 1 : 0))));
    }

    [Theory]
    [InlineData(97, false, false)]
    [InlineData(97, true, false)]
    [InlineData(97, false, true)]
    [InlineData(23, false, false)]
    [InlineData(23, true, false)]
    [InlineData(23, false, true)]
    public void A_picture_of_another_size(int code, bool corners, bool centers)
    {
        const int Height = 7, Width = 9;
        var data = new List<float>();
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                for (int c = 0; c < 8; c++) data.Add(code == 97 ? Nearest(y, x, c) : Linear(y, x, c));
        int first = code == 97 ? 0 : 2;
        Gives(
            new([1, Height, Width, 8], [.. data]), (file, x, y) => file.Operator(
                code, [x, file.Ints(Height, Width)], y, (first, (byte)(corners ? 1 : 0)), (first + 1, (byte)(centers ? 1 : 0))));

        double Place(int at, int from, int to) =>
            corners ? at * (from - 1.0) / (to - 1) : centers ? (at + 0.5) * from / to - 0.5 : at * (double)from / to;
        float Nearest(int y, int x, int c) => X.At(Round(y, 4, Height), Round(x, 6, Width), c);
        int Round(int at, int from, int to) => Math.Min(from - 1, (int)(corners ? Math.Floor(Place(at, from, to) + 0.5)
            : Math.Floor((at + (centers ? 0.5 : 0)) * from / to)));
        float Linear(int y, int x, int c)
        {
            double v = Math.Clamp(Place(y, 4, Height), 0, 3), h = Math.Clamp(Place(x, 6, Width), 0, 5);
            int top = (int)v, left = (int)h, bottom = Math.Min(top + 1, 3), right = Math.Min(left + 1, 5);
            double upper = X.At(top, left, c) + (h - left) * (X.At(top, right, c) - X.At(top, left, c));
            double lower = X.At(bottom, left, c) + (h - left) * (X.At(bottom, right, c) - X.At(bottom, left, c));
            return (float)(upper + (v - top) * (lower - upper));
        }
    }

    [Theory]
    [InlineData(2, 2, true)]
    [InlineData(3, 2, true)]
    [InlineData(3, 2, false)]
    [InlineData(4, 3, false)]
    [InlineData(2, 3, true)]
    public void A_transposed_convolution_adds_a_window_for_each_pixel(int kernel, int stride, bool same)
    {
        int height = same ? 4 * stride : 3 * stride + kernel, width = same ? 6 * stride : 5 * stride + kernel;
        var weights = ChannelsLast.Random(new Random(6), 3, kernel, kernel, 8);
        float[] bias = [0.5f, -1, 2], y = new float[height * width * 3];
        int top = same ? Math.Max(0, 3 * stride + kernel - height) / 2 : 0, left = same ? Math.Max(0, 5 * stride + kernel - width) / 2 : 0;
        for (int i = 0; i < y.Length; i++) y[i] = bias[i % 3];
        for (int row = 0; row < 4; row++)
            for (int column = 0; column < 6; column++)
                for (int ky = 0; ky < kernel; ky++)
                    for (int kx = 0; kx < kernel; kx++)
                    {
                        int oy = row * stride + ky - top, ox = column * stride + kx - left;
                        if (oy < 0 || oy >= height || ox < 0 || ox >= width) continue;
                        for (int m = 0; m < 3; m++)
                            for (int c = 0; c < 8; c++)
                                y[(oy * width + ox) * 3 + m] += X.At(row, column, c) * weights.Data[((m * kernel + ky) * kernel + kx) * 8 + c];
                    }

        Gives(new([1, height, width, 3], y), (file, x, output) => file.Custom(
            "Convolution2DTransposeBias", [x, file.Floats(weights.Shape, weights.Data), file.Floats([3], bias)], output,
            [.. new[] { same ? 1 : 2, stride, stride, 0 }.SelectMany(BitConverter.GetBytes)]));
        Gives(new([1, height, width, 3], y), (file, x, output) => file.Operator(
            67, [file.Ints(1, height, width, 3), file.Floats(weights.Shape, weights.Data), x, file.Floats([3], bias)], output,
            (0, (byte)(same ? 0 : 1)), (1, stride), (2, stride)));
    }

    [Fact]
    public void HARD_SWISH_stays_one_operator()
    {
        var file = new TinyTflite();
        int x = file.Tensor(X.Shape), y = file.Tensor(X.Shape);
        file.Operator(117, [x], y);
        using var folder = new TempFolder();
        var graph = SourceNetwork.Open(folder.Write("network.tflite", file.File(x, y)), "auto", null).Graph;
        Assert.Equal(["HardSwish"], graph.Nodes.Select(static n => n.OpType));
    }

    [Fact]
    public void A_custom_operator_that_is_not_known_is_refused_by_name()
    {
        var file = new TinyTflite();
        int x = file.Tensor(X.Shape), y = file.Tensor(X.Shape);
        file.Custom("MaxPoolingWithArgmax2D", [x], y, []);
        using var folder = new TempFolder();
        var e = Assert.Throws<EdgeException>(() => SourceNetwork.Open(folder.Write("network.tflite", file.File(x, y)), "auto", null));
        Assert.Contains("CUSTOM 'MaxPoolingWithArgmax2D'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_become_blocks_of_pixels_and_back()
    {
        float[] pixels = new float[X.Data.Length];
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 12; x++)
                for (int c = 0; c < 2; c++) pixels[(y * 12 + x) * 2 + c] = X.At(y / 2, x / 2, (y % 2 * 2 + x % 2) * 2 + c);
        Gives(new([1, 8, 12, 2], pixels), (file, x, y) => file.Operator(5, [x], y, (0, 2)));
        Gives(X, (file, x, y) => file.Operator(26, [x], y, (0, 2)), new ChannelsLast([1, 8, 12, 2], pixels));
    }

    [Fact]
    public void A_box_rows_of_indices_and_copies()
    {
        Gives(Picked([1, 2, 3, 8], (y, x, c) => X.At(y + 1, x + 2, c)),
            (file, x, y) => file.Operator(65, [x, file.Ints(0, 1, 2, 0), file.Ints(1, 2, 3, -1)], y));
        int[] rows = [3, 0, 3];
        Gives(Picked([1, 3, 6, 8], (y, x, c) => X.At(rows[y], x, c)), (file, x, y) => file.Operator(36, [x, file.Ints(rows)], y, (0, 1)));
        Gives(Picked([1, 8, 6, 8], (y, x, c) => X.At(y % 4, x, c)), (file, x, y) => file.Operator(69, [x, file.Ints(1, 2, 1, 1)], y));
        Gives(Picked([1, 4, 8, 8], (y, x, c) => X.At(y, x == 0 ? 1 : x == 7 ? 4 : x - 1, c)), (file, x, y) => file.Operator(
            100, [x, file.Tensor([4, 2], TinyTflite.Int32, [.. MirroredColumns.SelectMany(BitConverter.GetBytes)])], y,
            (0, (byte)0)));
    }

    [Fact]
    public void Parts_of_a_picture_are_joined_in_another_order()
    {
        Gives(Picked(X.Shape, (y, x, c) => X.At(y, x, (c + 4) % 8)), (file, x, y) =>
        {
            int a = file.Tensor([1, 4, 6, 4]), b = file.Tensor([1, 4, 6, 4]);
            file.Operator(49, [file.Ints(3), x], [a, b]);
            file.Operator(2, [b, a], y, (0, 3));
        });
        Gives(Picked(X.Shape, (y, x, c) => X.At(y, (x + 2) % 6, c)), (file, x, y) =>
        {
            int a = file.Tensor([1, 4, 2, 8]), b = file.Tensor([1, 4, 4, 8]);
            file.Operator(102, [x, file.Ints(2, -1), file.Ints(2)], [a, b]);
            file.Operator(2, [b, a], y, (0, 2));
        });
        Gives(Picked([4, 6, 8], (y, x, c) => X.At(y, x, c)), (file, x, y) => file.Operator(88, [x], [y], (0, 1), (1, 0)));
    }

    [Fact]
    public void Weights_and_bias_of_half_precision_behind_a_DEQUANTIZE()
    {
        Half[] weights = [.. ChannelsLast.Random(new Random(7), 2 * 8).Data.Select(static v => (Half)v)], bias = [(Half)0.25f, (Half)(-3)];
        var hwio = new ChannelsLast([1, 1, 8, 2], [.. Enumerable.Range(0, 16).Select(i => (float)weights[i % 2 * 8 + i / 2])]);
        Gives(X.Conv(hwio, 1, 1, same: true).PlusVector([.. bias.Select(static v => (float)v)]), (file, x, y) =>
        {
            int w = file.Tensor([2, 1, 1, 8]), b = file.Tensor([2]);
            file.Operator(6, [Halves(file, [2, 1, 1, 8], weights)], w);
            file.Operator(6, [Halves(file, [2], bias)], b);
            file.Operator(3, [x, w, b], y, (0, (byte)0), (1, 1), (2, 1));
        });
    }

    [Fact]
    public void A_product_of_two_computed_matrices()
    {
        var x = ChannelsLast.Random(new Random(8), 3, 4);
        float[] expected = [.. from i in Enumerable.Range(0, 3) from j in Enumerable.Range(0, 3)
            select (float)Enumerable.Range(0, 4).Sum(k => (double)x.Data[i * 4 + k] * -x.Data[j * 4 + k])];
        Gives(
            new([3, 3], expected), (file, input, output) =>
            {
                int negated = file.Tensor([3, 4]);
                file.Operator(59, [input], negated);
                file.Operator(9, [input, negated, -1], output, (0, (byte)0));
            },
            x);
    }

    private static int Halves(TinyTflite file, int[] shape, Half[] values) =>
        file.Tensor(shape, TinyTflite.Float16, [.. values.SelectMany(BitConverter.GetBytes)]);

    private static ChannelsLast Picked(int[] shape, Func<int, int, int, float> pick) => new(
        shape, [.. from y in Enumerable.Range(0, shape[^3])
            from x in Enumerable.Range(0, shape[^2])
            from c in Enumerable.Range(0, shape[^1])
            select pick(y, x, c)]);

    // Position in the reduced value.
    private static int Key(int element, int[] reduced)
    {
        int[] place = [0, element / 48, element / 8 % 6, element % 8];
        foreach (int axis in reduced) place[axis] = 0;
        return place[1] * 48 + place[2] * 8 + place[3];
    }

    private static void Gives(ChannelsLast expected, Action<TinyTflite, int, int> build, ChannelsLast? input = null)
    {
        input ??= X;
        var file = new TinyTflite();
        int x = file.Tensor(input.Shape), y = file.Tensor(expected.Shape);
        build(file, x, y);
        using var folder = new TempFolder();
        var graph = SourceNetwork.Open(folder.Write("network.tflite", file.File(x, y)), "auto", null).Graph;
        Network.Near(expected.ChannelsFirst(), Network.Run(graph, "fused", input.ChannelsFirst()));
        if (OnnxRuntimeHere.IsHere) Network.Near(expected.ChannelsFirst(), Network.Run(graph, "onnxruntime", input.ChannelsFirst()));
    }
}
