using System.Globalization;
using System.Text;
using ResNetEdge.Tests.Unit.Exporter.Checkpoints;

namespace ResNetEdge.Tests.Unit.Exporter.Calibration;

/// <summary>
/// A small residual network with seeded random weights, written out loop by loop, that is run over pictures as training would: each BatchNorm
/// normalises with the batch's own statistics and records them. Its checkpoint tells nothing of the form.
/// </summary>
internal sealed class LiteralNetwork
{
    private const int Classes = 5;

    private readonly Random _random = new(3);
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _parameters = new(StringComparer.Ordinal);

    /// <summary>Stands where most have max(x, 0).</summary>
    public Func<double, double> Activation { get; init; } = static x => Math.Max(0, x);

    /// <summary>Bottlenecks, 1-3-1, instead of two 3x3.</summary>
    public bool IsBottleneck { get; init; }

    /// <summary>The first 1x1 of a bottleneck strides, not the 3x3.</summary>
    public bool StridesOn1x1 { get; init; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Scale of the convolutions' weights; small ones make the variance small.</summary>
    public double WeightScale { get; init; } = 1;

    /// <summary>Scale of the BatchNorms.</summary>
    public double NormScale { get; init; } = 1;

    /// <summary>The last two stages dilate instead of striding.</summary>
    public bool Dilates { get; init; }

    /// <summary>Stages; four have a 7x7 stem.</summary>
    public int Stages { get; init; } = 3;

    /// <summary>Max pooling behind a 7x7 stem.</summary>
    public bool Pools { get; init; } = true;

    /// <summary>The pooling takes the mean of its window instead of the largest.</summary>
    public bool PoolsByMean { get; init; }

    /// <summary>Runs the network over pictures, [pictures][3][size][size], and gives the checkpoint as a safetensors file.</summary>
    public byte[] Train(float[][] pictures, int size)
    {
        var x = new Batch(pictures, 3, size, size);
        bool large = Stages == 4;
        x = Activate(Norm("bn1", Conv("conv1", x, 8, large ? 7 : 3, large ? 2 : 1, 1)));
        if (large && Pools) x = Pool(x);
        int dilation = 1;
        for (int stage = 1; stage <= Stages; stage++)
        {
            for (int block = 0; block < 2; block++)
            {
                bool strides = stage > 1 && block == 0, dilates = strides && Dilates && stage > Stages - 2;
                int before = dilation;
                if (dilates) dilation *= 2;
                x = Block($"layer{stage}.{block}", x, 8 * stage, strides && !dilates ? 2 : 1, strides ? before : dilation,
                    dilation, project: block == 0);
            }
        }

        Add("fc.weight", [Classes, x.Channels], 1);
        Add("fc.bias", [Classes], 1);
        return File();
    }

    private Batch Block(string name, Batch x, int width, int stride, int firstDilation, int dilation, bool project)
    {
        int inner = width / 2;
        var y = IsBottleneck
            ? Norm($"{name}.bn3", Conv($"{name}.conv3", Activate(Norm($"{name}.bn2", Conv($"{name}.conv2",
                Activate(Norm($"{name}.bn1", Conv($"{name}.conv1", x, inner, 1, StridesOn1x1 ? stride : 1, 1))), inner, 3, StridesOn1x1 ? 1 : stride,
                firstDilation))), width, 1, 1, 1))
            : Norm($"{name}.bn2", Conv(
                $"{name}.conv2", Activate(Norm($"{name}.bn1", Conv($"{name}.conv1", x, width, 3, stride, firstDilation))), width, 3, 1, dilation));
        var shortcut = project ? Norm($"{name}.downsample.1", Conv($"{name}.downsample.0", x, width, 1, stride, 1)) : x;
        for (int p = 0; p < y.Values.Length; p++)
            for (int i = 0; i < y.Values[p].Length; i++) y.Values[p][i] += shortcut.Values[p][i];
        return Activate(y);
    }

    private Batch Conv(string name, Batch x, int filters, int kernel, int stride, int dilation)
    {
        float[] w = Add($"{name}.weight", [filters, x.Channels, kernel, kernel], WeightScale * Math.Sqrt(6.0 / (x.Channels * kernel * kernel)));
        int pad = dilation * (kernel - 1) / 2, height = (x.Height - 1) / stride + 1, width = (x.Width - 1) / stride + 1;
        var y = new Batch([.. x.Values.Select(_ => new float[filters * height * width])], filters, height, width);
        for (int p = 0; p < x.Values.Length; p++)
            for (int f = 0; f < filters; f++)
                for (int row = 0; row < height; row++)
                    for (int column = 0; column < width; column++)
                    {
                        double sum = 0;
                        for (int c = 0; c < x.Channels; c++)
                            for (int ky = 0; ky < kernel; ky++)
                                for (int kx = 0; kx < kernel; kx++)
                                {
                                    int iy = row * stride - pad + ky * dilation, ix = column * stride - pad + kx * dilation;
                                    if ((uint)iy < (uint)x.Height && (uint)ix < (uint)x.Width)
                                        sum += w[((f * x.Channels + c) * kernel + ky) * kernel + kx]
                                            * x.Values[p][(c * x.Height + iy) * x.Width + ix];
                                }

                        y.Values[p][(f * height + row) * width + column] = (float)sum;
                    }

        return y;
    }

    private Batch Norm(string name, Batch x)
    {
        float[] scale = Add($"{name}.weight", [x.Channels], 0.5, around: NormScale), shift = Add($"{name}.bias", [x.Channels], 0.3);
        float[] means = Add($"{name}.running_mean", [x.Channels], 0), variances = Add($"{name}.running_var", [x.Channels], 0);
        int places = x.Height * x.Width;
        for (int c = 0; c < x.Channels; c++)
        {
            var values = x.Values.SelectMany(v => v.Skip(c * places).Take(places)).Select(v => (double)v).ToArray();
            double mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean)),
                factor = scale[c] / Math.Sqrt(variance + Epsilon);
            (means[c], variances[c]) = ((float)mean, (float)variance);
            foreach (float[] picture in x.Values)
                for (int i = c * places; i < (c + 1) * places; i++) picture[i] = (float)((picture[i] - mean) * factor + shift[c]);
        }

        return x;
    }

    private Batch Activate(Batch x) => x with { Values = [.. x.Values.Select(picture => Array.ConvertAll(picture, v => (float)Activation(v)))] };

    private Batch Pool(Batch x)
    {
        int height = (x.Height - 1) / 2 + 1, width = (x.Width - 1) / 2 + 1;
        float At(float[] picture, int c, int row, int column) =>
            (uint)row < (uint)x.Height && (uint)column < (uint)x.Width ? picture[(c * x.Height + row) * x.Width + column]
                : PoolsByMean ? 0
                : float.NegativeInfinity;
        float Reduced(float[] picture, int c, int row, int column)
        {
            var window = Enumerable.Range(0, 9).Select(k => At(picture, c, 2 * row - 1 + k / 3, 2 * column - 1 + k % 3));
            return PoolsByMean ? window.Average() : window.Max();
        }

        return new([.. x.Values.Select(picture => Enumerable.Range(0, x.Channels * height * width)
            .Select(i => Reduced(picture, i / (height * width), i / width % height, i % width)).ToArray())], x.Channels, height, width);
    }

    private float[] Add(string name, int[] shape, double magnitude, double around = 0)
    {
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(around + magnitude * (2 * _random.NextDouble() - 1));
        _parameters.Add(name, (shape, values));
        return values;
    }

    private byte[] File()
    {
        var header = new StringBuilder("{");
        int at = 0;
        foreach (var (name, (shape, values)) in _parameters)
        {
            header.Append(at == 0 ? "" : ",").Append(CultureInfo.InvariantCulture,
                $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{at},{at + 4 * values.Length}]}}");
            at += 4 * values.Length;
        }

        return CheckpointFiles.Safetensors(header.Append('}').ToString(), [.. _parameters.Values.SelectMany(p => CheckpointFiles.Floats(p.Values))]);
    }

    private sealed record Batch(float[][] Values, int Channels, int Height, int Width);
}
