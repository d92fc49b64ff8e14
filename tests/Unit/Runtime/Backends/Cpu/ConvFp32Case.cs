using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Conv.WinogradRows;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>A random float convolution with its arena; whatever is not an operand holds NaN.</summary>
internal sealed unsafe class ConvFp32Case : IDisposable
{
    /// <summary>Instead of the outputs of a tile: Winograd's method along rows.</summary>
    public const int Rows = -1;

    private readonly WinogradMagnitude? _winograd;
    private readonly RowsMagnitude? _rows;
    private readonly Scratch _scratch;

    /// <summary>Any convolution, to be computed directly; some of those that have kernels along rows, or of square depthwise filters.</summary>
    public ConvFp32Case(int seed) : this(
        new Random(seed), s => seed % 3 == 0 ? RandomConv.AlongRows(s) : seed % 8 == 7 ? RandomConv.DepthwiseSquare(s) : RandomConv.Shape(s, 300_000),
        threads: 3)
    {
    }

    /// <param name="random">Decides everything.</param>
    /// <param name="makeShape">Draws the geometry.</param>
    /// <param name="outputs">2 or 4 for Winograd's method, or <see cref="Rows"/>.</param>
    /// <param name="threads">Threads for which it has scratch memory.</param>
    /// <param name="unit">Channels of which the input's places are multiples.</param>
    public ConvFp32Case(Random random, Func<Random, ConvShape> makeShape, int outputs = 0, int threads = 1, int unit = 1)
    {
        var s = makeShape(random);
        Arena = new TestArena(random);
        var input = RandomConv.Input(random, Arena, s, 4, unit);
        long padding = Arena.Reserve(ConvChecks.PaddingBytes(s, 4), 4 * unit);
        var output = RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), 4);
        Placement? residual = random.Next(3) switch { 0 => null, 1 => output, _ => RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), 4) };
        Problem = new ConvFp32Problem
        {
            Shape = s,
            Weights = Enumerable.Range(0, s.OutputChannels * s.Depth).Select(_ => random.NextSingle() * 2 - 1).ToArray(),
            Bias = Enumerable.Range(0, s.OutputChannels).Select(_ => random.NextSingle() - 0.5f).ToArray(),
            Input = input,
            PaddingOffset = padding,
            Output = output,
            Residual = residual,
            Low = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            High = random.Next(3) == 0 ? 6 : float.PositiveInfinity,
        };
        long bytes = outputs == Rows ? ConvFp32WinogradRows.ScratchBytes(new ConvFp32WinogradRowsProblem(Problem), threads)
            : KernelTable.ScratchBytes(outputs > 0 ? new ConvFp32WinogradProblem(Problem, outputs) : Problem, threads);
        if (bytes > 0)
        {
            _scratch = new Scratch(Arena.Reserve(bytes, 64), bytes);
            Problem = Problem with { Scratch = _scratch };
        }

        Arena.Create(floats: true);
        Arena.Bytes.Slice((int)padding, ConvChecks.PaddingBytes(s, 4)).Clear();
        RandomConv.FillBorder(Arena, s, input, 4, 0);
        Fill(random, ConvChecks.InputOf(s), input);
        if (residual is { } r)
            Fill(random, ConvChecks.OutputOf(s), r);
        if (outputs > 0)
            _winograd = new WinogradMagnitude(Problem, outputs, Arena);
        if (outputs == Rows)
            _rows = new RowsMagnitude(Problem, Arena);
    }

    public TestArena Arena { get; }

    public ConvFp32Problem Problem { get; }

    /// <summary>The same by Winograd's method.</summary>
    public ConvFp32WinogradProblem Winograd => new(Problem, _winograd!.Outputs);

    public void Dispose() => Arena.Dispose();

    /// <summary>Compares outputs with sums in double precision, and all else with what it was.</summary>
    public void Check(TestArena actual, string description)
    {
        var s = Problem.Shape;
        using var rest = actual.Copy();
        for (int image = 0; image < s.Batch; image++)
        {
            for (int y = 0; y < s.OutputHeight; y++)
            {
                for (int x = 0; x < s.OutputWidth; x++)
                {
                    for (int n = 0; n < s.OutputChannels; n++)
                        CheckElement(actual, image, y, x, n, description);
                    byte* was = RandomConv.Pixel(Arena, Problem.Output, image, y, x);
                    new Span<byte>(was, s.OutputChannels * 4).CopyTo(
                        new Span<byte>(RandomConv.Pixel(rest, Problem.Output, image, y, x), s.OutputChannels * 4));
                }
            }
        }

        Arena.Bytes.Slice((int)_scratch.Offset, (int)_scratch.Bytes).CopyTo(rest.Bytes[(int)_scratch.Offset..]);
        Assert.True(rest.Bytes.SequenceEqual(Arena.Bytes), $"{description}: something beside the output was written");
    }

    private void CheckElement(TestArena actual, int image, int y, int x, int n, string description)
    {
        var (p, s) = (Problem, Problem.Shape);
        int group = n / (s.OutputChannels / s.Groups), channels = s.InputChannels / s.Groups;
        double sum = p.Bias[n], magnitude = Math.Abs(p.Bias[n]), products = 0;
        for (int ky = 0; ky < s.KernelHeight; ky++)
        {
            for (int kx = 0; kx < s.KernelWidth; kx++)
            {
                int iy = y * s.StrideHeight + ky * s.DilationHeight - s.PadTop, ix = x * s.StrideWidth + kx * s.DilationWidth - s.PadLeft;
                if (iy < 0 || iy >= s.InputHeight || ix < 0 || ix >= s.InputWidth)
                    continue;
                float* values = (float*)RandomConv.Pixel(Arena, p.Input, image, iy, ix) + group * channels;
                for (int c = 0; c < channels; c++)
                {
                    double product = (double)values[c] * p.Weights.Span[((n * channels + c) * s.KernelHeight + ky) * s.KernelWidth + kx];
                    sum += product;
                    magnitude += Math.Abs(product);
                    products += Math.Abs(product);
                }
            }
        }

        if (p.Residual is { } residual)
        {
            float r = ((float*)RandomConv.Pixel(Arena, residual, image, y, x))[n];
            sum += r;
            magnitude += Math.Abs(r);
        }

        double error = Math.Abs(((float*)RandomConv.Pixel(actual, p.Output, image, y, x))[n] - Math.Clamp(sum, p.Low, p.High));
        double bound = _winograd is { } winograd
            ? ConvFp32Winograd.ErrorBound(s.InputChannels, winograd.Outputs, magnitude - products + winograd.Of(image, y, x, n))
            : _rows is { } rows ? ConvFp32WinogradRows.ErrorBound(s, magnitude - products + rows.Of(image, y, x, n))
            : ConvFp32Reference.ErrorBound(s.Depth, magnitude);
        bound += 1e-12 * magnitude; // The double sum's own error.
        Assert.True(error <= bound, $"{description}: image {image}, y {y}, x {x}, channel {n}: error {error:G3} beyond {bound:G3}");
    }

    /// <summary>Puts other numbers into the input.</summary>
    public void FillInput(Func<float> next) => Fill(next, ConvChecks.InputOf(Problem.Shape), Problem.Input);

    private void Fill(Random random, NhwcShape shape, Placement placement) => Fill(() => random.NextSingle() * 2 - 0.7f, shape, placement);

    private void Fill(Func<float> next, NhwcShape shape, Placement placement)
    {
        for (int image = 0; image < shape.Batch; image++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    for (int c = 0; c < shape.Channels; c++)
                        ((float*)RandomConv.Pixel(Arena, placement, image, y, x))[c] = next();
                }
            }
        }
    }
}
