using ResNetEdge.Steps;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>
/// A convolution with weights of zero, whose biases, multipliers and residuals give another byte when the residual's product is rounded before it is
/// added. The expected bytes are computed in double, in which the sums are exact.
/// </summary>
internal sealed class CudaTies : IDisposable
{
    /// <summary>Output channels.</summary>
    public const int Count = 16;

    private const float Scale = 0.37f;
    private const int Zero = 20, Middle = 128;

    public CudaTies()
    {
        var random = new Random(5);
        Arena = new TestArena(random);
        var input = new Placement(Arena.Reserve(16, 16), 16, 16, 16);
        long padding = Arena.Reserve(16 + Placement.ReadSlack, 16);
        var output = new Placement(Arena.Reserve(Count, 16), Count, Count, Count);
        var residual = new Placement(Arena.Reserve(Count, 16), Count, Count, Count);
        Arena.Create(floats: false);
        Problem = new ConvInt8Problem
        {
            Shape = new ConvShape { InputHeight = 1, InputWidth = 1, InputChannels = 16, OutputChannels = Count, KernelHeight = 1, KernelWidth = 1 },
            Weights = new sbyte[16 * Count],
            Bias = new int[Count],
            Multiplier = new float[Count],
            InputZeroPoint = 7,
            Input = input,
            PaddingOffset = padding,
            Output = output,
            Residual = new ResidualInt8(residual, Middle, Scale),
            OutputZeroPoint = Zero,
        };
        for (int n = 0; n < Count; n++)
        {
            byte r;
            do
            {
                r = (byte)random.Next(256);
                (Problem.Bias[n], Problem.Multiplier[n]) = (random.Next(1, 1 << 20), random.NextSingle() * 1e-4f);
                Expected[n] = Once(r, Problem.Bias[n], Problem.Multiplier[n]);
            }
            while (Expected[n] == Twice(r, Problem.Bias[n], Problem.Multiplier[n]) || Expected[n] is < Zero or > 250);
            Arena.Bytes[(int)residual.Offset + n] = r;
            Telling++;
        }
    }

    public TestArena Arena { get; }

    public ConvInt8Problem Problem { get; }

    public byte[] Expected { get; } = new byte[Count];

    /// <summary>Channels in which two roundings would show.</summary>
    public int Telling { get; }

    /// <summary>What the arena holds after a run.</summary>
    public byte[] Result => Arena.Bytes.Slice((int)Problem.Output.Offset, Count).ToArray();

    public void Dispose() => Arena.Dispose();

    private static byte Once(byte r, int bias, float multiplier) =>
        Byte((float)((double)((r - Middle) * (double)Scale) + (float)bias * multiplier));

    private static byte Twice(byte r, int bias, float multiplier)
    {
        float product = (r - Middle) * Scale;
        return Byte(product + (float)bias * multiplier);
    }

    private static byte Byte(float f) => (byte)Math.Clamp(MathF.Round(f, MidpointRounding.ToEven) + Zero, 0, 255);
}
