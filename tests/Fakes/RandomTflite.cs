namespace ResNetEdge.Tests.Fakes;

/// <summary>Seeded TensorFlow Lite networks: the file, an input, and what TensorFlow's definitions make of it.</summary>
internal sealed class RandomTflite
{
    private readonly TinyTflite _file = new();
    private readonly Random _random;

    private RandomTflite(int seed) => _random = new(seed);

    public static (byte[] File, float[] Input, float[] Expected) Make(int seed) => new RandomTflite(seed).Make();

    private (byte[] File, float[] Input, float[] Expected) Make()
    {
        var input = ChannelsLast.Random(_random, 1, _random.Next(6, 12), _random.Next(6, 12), _random.Next(1, 4));
        int first = _file.Tensor(input.Shape);
        var (at, x) = (first, input);
        for (int layers = _random.Next(3, 8); layers > 0; layers--) (at, x) = Layer(at, x);
        (at, x) = _random.Next(3) switch
        {
            0 => Dense(Reshaped(at, x)),
            1 => Dense(Mean(at, x)),
            _ => (at, x), // a picture as output, N C H W
        };
        return (_file.File(first, at), input.ChannelsFirst(), x.ChannelsFirst());
    }

    private (int, ChannelsLast) Layer(int at, ChannelsLast x)
    {
        bool same = x.Shape[1] < 4 || x.Shape[2] < 4 || _random.Next(2) == 0;
        int stride = _random.Next(1, 3);
        switch (_random.Next(9))
        {
            case 0 or 1: return Conv(at, x, _random.Next(1, 4), stride, 1, same);
            case 2: return Conv(at, x, 2, 1, _random.Next(1, 3), same: true);
            case 3: return Depthwise(at, x, stride, same);
            case 4:
                bool isMax = _random.Next(2) == 0;
                var pooled = isMax ? x.MaxPool(3, stride, same) : x.AveragePool(3, stride, same);
                return Put(isMax ? 17 : 1, [at], pooled, (0, (byte)(same ? 0 : 1)), (1, stride), (2, stride), (3, 3), (4, 3), (5, (byte)0));
            case 5:
                var (branch, y) = Conv(at, x, 3, 1, 1, same: true, x.Shape[3]);
                return Put(0, [at, branch], x.Plus(y).Map(v => Math.Max(v, 0)), (0, (byte)1));
            case 6: // a convolution behind it: ONNX Runtime moves zeros into MaxPool, whose padding is none
                int[] pads = [0, 0, _random.Next(2), _random.Next(2), _random.Next(2), _random.Next(2), 0, 0];
                var (padded, wider) = Put(34, [at, Matrix(pads)], x.Pad(pads[2], pads[3], pads[4], pads[5]));
                return Conv(padded, wider, 2, stride, 1, same);
            case 7:
                var (other, z) = Conv(at, x, 1, 1, 1, same: true);
                return Put(2, [at, other], x.Concat(z), (0, _random.Next(2) == 0 ? 3 : -1), (1, (byte)0));
            default:
                float[] factors = ChannelsLast.Random(_random, x.Shape[3]).Data;
                return Put(18, [at, _file.Floats([x.Shape[3]], factors)], x.TimesVector(factors), (0, (byte)0));
        }
    }

    private (int, ChannelsLast) Conv(int at, ChannelsLast x, int kernel, int stride, int dilation, bool same, int? filters = null)
    {
        int inputs = x.Shape[3], outputs = filters ?? _random.Next(1, 6);
        byte activation = (byte)(_random.Next(3) switch { 0 => 1, 1 => 3, _ => 0 });
        var hwio = ChannelsLast.Random(_random, kernel, kernel, inputs, outputs);
        float[] bias = ChannelsLast.Random(_random, outputs).Data;
        float[] ohwi = [.. from m in Enumerable.Range(0, outputs)
            from i in Enumerable.Range(0, kernel * kernel * inputs)
            select hwio.Data[i * outputs + m]];
        var y = x.Conv(hwio, stride, dilation, same).PlusVector(bias)
            .Map(v => activation switch { 1 => Math.Max(v, 0), 3 => Math.Clamp(v, 0, 6), _ => v });
        return Put(3, [at, _file.Floats([outputs, kernel, kernel, inputs], ohwi), _file.Floats([outputs], bias)], y,
            (0, (byte)(same ? 0 : 1)), (1, stride), (2, stride), (3, activation), (4, dilation), (5, dilation));
    }

    private (int, ChannelsLast) Depthwise(int at, ChannelsLast x, int stride, bool same)
    {
        int multiplier = _random.Next(1, 3), outputs = x.Shape[3] * multiplier;
        var weights = ChannelsLast.Random(_random, 3, 3, outputs);
        var y = x.Depthwise(weights, multiplier, stride, same);
        return Put(4, [at, _file.Floats([1, 3, 3, outputs], weights.Data)], y, (0, (byte)(same ? 0 : 1)), (1, stride), (2, stride),
            (3, multiplier), (4, (byte)0));
    }

    private (int, ChannelsLast) Reshaped(int at, ChannelsLast x) => Put(22, [at, _file.Ints(1, -1)], x.As(1, x.Data.Length));

    private (int, ChannelsLast) Mean(int at, ChannelsLast x)
    {
        int channels = x.Shape[3];
        float[] means = [.. Enumerable.Range(0, channels).Select(c => x.Data.Where((_, i) => i % channels == c).Average())];
        return Put(40, [at, _file.Ints(1, 2)], new([1, channels], means), (0, (byte)0));
    }

    private (int, ChannelsLast) Dense((int At, ChannelsLast X) given)
    {
        int rows = given.X.Data.Length;
        var weights = ChannelsLast.Random(_random, rows, 3);
        float[] transposed = [.. Enumerable.Range(0, weights.Data.Length).Select(i => weights.Data[i % rows * 3 + i / rows])];
        var (at, logits) = Put(9, [given.At, _file.Floats([3, rows], transposed), -1], given.X.Dense(weights), (0, (byte)0));
        return Put(25, [at], logits.Softmax(), (0, 1f));
    }

    private int Matrix(int[] pads) => _file.Tensor([4, 2], TinyTflite.Int32, [.. pads.SelectMany(BitConverter.GetBytes)]);

    private (int, ChannelsLast) Put(int code, int[] inputs, ChannelsLast value, params (int, object)[] options)
    {
        int output = _file.Tensor(value.Shape);
        _file.Operator(code, inputs, output, options);
        return (output, value);
    }
}
