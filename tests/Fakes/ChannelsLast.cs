namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// A value N H W C (or any rank) with its numbers, and TensorFlow's layers on it, written from
/// their definitions and without any of this project's code.
/// </summary>
internal sealed record ChannelsLast(int[] Shape, float[] Data)
{
    public static ChannelsLast Random(Random random, params int[] shape) =>
        new(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() * 2 - 1)]);

    public ChannelsLast Map(Func<float, float> f) => new(Shape, [.. Data.Select(f)]);

    public ChannelsLast As(params int[] shape) => new(shape, Data);

    /// <summary>Adds a vector over the last axis.</summary>
    public ChannelsLast PlusVector(float[] vector) => new(Shape, [.. Data.Select((v, i) => v + vector[i % vector.Length])]);

    public ChannelsLast TimesVector(float[] vector) => new(Shape, [.. Data.Select((v, i) => v * vector[i % vector.Length])]);

    public ChannelsLast Plus(ChannelsLast other) => new(Shape, [.. Data.Zip(other.Data, (a, b) => a + b)]);

    /// <summary>Output position and input positions of one axis, −1 outside.</summary>
    public static int[][] Taps(int size, int kernel, int stride, int dilation, bool same)
    {
        int extent = (kernel - 1) * dilation + 1;
        int outputs = same ? (size + stride - 1) / stride : (size - extent + stride) / stride;
        int before = same ? Math.Max(0, (outputs - 1) * stride + extent - size) / 2 : 0;
        return [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, kernel)
            .Select(k => o * stride - before + k * dilation).Select(i => i >= 0 && i < size ? i : -1).ToArray())];
    }

    /// <summary>Reduces each window; <paramref name="reduce"/> gets the inside positions (y, x, ky, kx) and the output channel.</summary>
    public ChannelsLast Slide(
        int channels, int kernel, int stride, int dilation, bool same, Func<List<(int Y, int X, int Ky, int Kx)>, int, float> reduce)
    {
        int[][] rows = Taps(Shape[1], kernel, stride, dilation, same), columns = Taps(Shape[2], kernel, stride, dilation, same);
        var result = new List<float>();
        foreach (int[] row in rows)
            foreach (int[] column in columns)
            {
                var inside = new List<(int, int, int, int)>();
                for (int ky = 0; ky < kernel; ky++)
                    for (int kx = 0; kx < kernel; kx++)
                        if (row[ky] >= 0 && column[kx] >= 0) inside.Add((row[ky], column[kx], ky, kx));
                for (int m = 0; m < channels; m++) result.Add(reduce(inside, m));
            }

        return new([1, rows.Length, columns.Length, channels], [.. result]);
    }

    public float At(int y, int x, int c) => Data[(y * Shape[2] + x) * Shape[3] + c];

    /// <summary>Convolution; weights [kH][kW][C][M].</summary>
    public ChannelsLast Conv(ChannelsLast hwio, int stride, int dilation, bool same)
    {
        int kernel = hwio.Shape[0], inputs = hwio.Shape[2], outputs = hwio.Shape[3];
        return Slide(outputs, kernel, stride, dilation, same, (inside, m) => (float)inside.Sum(p =>
            Enumerable.Range(0, inputs).Sum(c => (double)At(p.Y, p.X, c) * hwio.Data[((p.Ky * kernel + p.Kx) * inputs + c) * outputs + m])));
    }

    /// <summary>Depthwise convolution; weights [kH][kW][C · multiplier], output channel c · multiplier + k.</summary>
    public ChannelsLast Depthwise(ChannelsLast weights, int multiplier, int stride, bool same)
    {
        int kernel = weights.Shape[0], outputs = Shape[3] * multiplier;
        return Slide(
            outputs, kernel, stride, 1, same,
            (inside, m) => (float)inside.Sum(p => (double)At(p.Y, p.X, m / multiplier) * weights.Data[(p.Ky * kernel + p.Kx) * outputs + m]));
    }

    public ChannelsLast MaxPool(int kernel, int stride, bool same) =>
        Slide(Shape[3], kernel, stride, 1, same, (inside, m) => inside.Max(p => At(p.Y, p.X, m)));

    public ChannelsLast AveragePool(int kernel, int stride, bool same) =>
        Slide(Shape[3], kernel, stride, 1, same, (inside, m) => inside.Average(p => At(p.Y, p.X, m)));

    /// <summary>x · weights + bias; weights [K][M].</summary>
    public ChannelsLast Dense(ChannelsLast weights)
    {
        int inputs = weights.Shape[0], outputs = weights.Shape[1];
        return new([1, outputs], [.. Enumerable.Range(0, outputs)
            .Select(m => (float)Enumerable.Range(0, inputs).Sum(k => (double)Data[k] * weights.Data[k * outputs + m]))]);
    }

    public ChannelsLast Pad(int top, int bottom, int left, int right)
    {
        int height = Shape[1] + top + bottom, width = Shape[2] + left + right, channels = Shape[3];
        float[] data = new float[height * width * channels];
        for (int y = 0; y < Shape[1]; y++)
            for (int x = 0; x < Shape[2]; x++)
                for (int c = 0; c < channels; c++) data[((y + top) * width + x + left) * channels + c] = At(y, x, c);
        return new([1, height, width, channels], data);
    }

    public ChannelsLast Concat(ChannelsLast other)
    {
        int a = Shape[3], b = other.Shape[3];
        return new([1, Shape[1], Shape[2], a + b],
            [.. Enumerable.Range(0, Shape[1] * Shape[2]).SelectMany(i => Data.Skip(i * a).Take(a).Concat(other.Data.Skip(i * b).Take(b)))]);
    }

    public ChannelsLast Softmax()
    {
        double largest = Data.Max(), sum = Data.Sum(v => Math.Exp(v - largest));
        return Map(v => (float)(Math.Exp(v - largest) / sum));
    }

    /// <summary>The same numbers N C H W, as this project feeds and gives pictures.</summary>
    public float[] ChannelsFirst() => Shape.Length != 4 ? Data
        : [.. from c in Enumerable.Range(0, Shape[3]) from i in Enumerable.Range(0, Shape[1] * Shape[2]) select Data[i * Shape[3] + c]];
}
