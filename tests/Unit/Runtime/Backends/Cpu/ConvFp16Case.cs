using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp16;
using ResNetEdge.Backends.Cpu.Conv.WinogradFp16;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>A random float16 convolution with its arena; whatever is not an operand holds random bytes.</summary>
internal sealed unsafe class ConvFp16Case : IDisposable
{
    private const int Size = HalfNumbers.Size;

    private readonly WinogradMagnitude? _winograd;

    /// <param name="seed">Decides everything.</param>
    public ConvFp16Case(int seed) : this(
        new Random(seed), s => seed % 3 == 0 ? RandomConv.AlongRows(s) : seed % 8 == 7 ? DepthwiseSquare(s) : RandomConv.Shape(s, 300_000))
    {
    }

    /// <param name="random">Decides everything.</param>
    /// <param name="makeShape">Draws the geometry.</param>
    /// <param name="outputs">2 or 4 for Winograd's method.</param>
    /// <param name="unit">Channels of which the input's places are multiples.</param>
    public ConvFp16Case(Random random, Func<Random, ConvShape> makeShape, int outputs = 0, int unit = 1)
    {
        var s = makeShape(random);
        Arena = new TestArena(random);
        var input = RandomConv.Input(random, Arena, s, Size, unit);
        long padding = Arena.Reserve(ConvChecks.PaddingBytes(s, Size), Size * unit);
        var output = RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), Size);
        Placement? residual = random.Next(3) switch { 0 => null, 1 => output, _ => RandomConv.Dense(random, Arena, ConvChecks.OutputOf(s), Size) };
        // Some sums lie near the least float16, some products far above one. Transformed weights are to be no smaller than their least normal number.
        float scale = random.Next(4) switch { 0 => outputs > 0 ? 0.25f : MathF.ScaleB(1, -13), 1 => 16, _ => 1 };
        Problem = new ConvFp16Problem
        {
            Shape = s,
            Weights = Enumerable.Range(0, s.OutputChannels * s.Depth).Select(_ => (random.NextSingle() * 2 - 1) * scale).ToArray(),
            Bias = Enumerable.Range(0, s.OutputChannels).Select(_ => (float)(Half)((random.NextSingle() - 0.5f) * scale)).ToArray(),
            Input = input,
            PaddingOffset = padding,
            Output = output,
            Residual = residual,
            Low = random.Next(2) == 0 ? 0 : float.NegativeInfinity,
            High = random.Next(3) == 0 ? 6 : float.PositiveInfinity,
        };
        long scratch = outputs > 0
            ? KernelTable.ScratchBytes(new ConvFp16WinogradProblem(Problem, outputs), threads: 3) : KernelTable.ScratchBytes(Problem, threads: 3);
        if (scratch > 0) Problem = Problem with { Scratch = new Scratch(Arena.Reserve(scratch, 64), scratch) };
        Arena.Create(floats: false);
        Arena.Bytes.Slice((int)padding, ConvChecks.PaddingBytes(s, Size)).Clear();
        RandomConv.FillBorder(Arena, s, input, Size, 0);
        Fill(ConvChecks.InputOf(s), input, () => random.NextSingle() * 2 - 0.7f);
        if (residual is { } r) Fill(ConvChecks.OutputOf(s), r, () => random.NextSingle() * 2 - 0.7f);
        if (outputs > 0) _winograd = new WinogradMagnitude(Problem, outputs, Arena);
    }

    public TestArena Arena { get; }

    public ConvFp16Problem Problem { get; }

    /// <summary>The same by Winograd's method.</summary>
    public ConvFp16WinogradProblem Winograd => new(Problem, _winograd!.Outputs);

    public void Dispose() => Arena.Dispose();

    /// <summary>Compares outputs with sums in double precision, and all else with what it was.</summary>
    /// <param name="actual">The arena after a run.</param>
    /// <param name="chain">Of the kernel's bound: <see cref="ConvFp16Reference.ErrorBound"/>.</param>
    /// <param name="description">For the failure.</param>
    public void Check(TestArena actual, int chain, string description)
    {
        var s = Problem.Shape;
        using var rest = actual.Copy();
        for (int pixel = 0; pixel < s.Pixels; pixel++)
        {
            var (image, y, x) = (pixel / s.OutputWidth / s.OutputHeight, pixel / s.OutputWidth % s.OutputHeight, pixel % s.OutputWidth);
            for (int n = 0; n < s.OutputChannels; n++) CheckElement(actual, image, y, x, n, chain, description);
            new Span<byte>(RandomConv.Pixel(Arena, Problem.Output, image, y, x), s.OutputChannels * Size).CopyTo(
                new Span<byte>(RandomConv.Pixel(rest, Problem.Output, image, y, x), s.OutputChannels * Size));
        }

        if (Problem.Scratch is { } scratch)
            Arena.Bytes.Slice((int)scratch.Offset, (int)scratch.Bytes).CopyTo(rest.Bytes[(int)scratch.Offset..]);
        Assert.True(rest.Bytes.SequenceEqual(Arena.Bytes), $"{description}: something beside the output was written");
    }

    /// <summary>Rounds input and residual to whole numbers from -3 to 4.</summary>
    public void MakeWhole(Random random)
    {
        Fill(ConvChecks.InputOf(Problem.Shape), Problem.Input, () => random.Next(-3, 5));
        if (Problem.Residual is { } residual) Fill(ConvChecks.OutputOf(Problem.Shape), residual, () => random.Next(-3, 5));
    }

    /// <summary>Compares the outputs in two arenas; zeros are equal whatever their sign.</summary>
    public void AssertSameNumbers(TestArena expected, TestArena actual, string description)
    {
        var s = Problem.Shape;
        for (int pixel = 0; pixel < s.Pixels; pixel++)
        {
            var (image, y, x) = (pixel / s.OutputWidth / s.OutputHeight, pixel / s.OutputWidth % s.OutputHeight, pixel % s.OutputWidth);
            Half* want = (Half*)RandomConv.Pixel(expected, Problem.Output, image, y, x);
            Half* have = (Half*)RandomConv.Pixel(actual, Problem.Output, image, y, x);
            for (int n = 0; n < s.OutputChannels; n++)
                Assert.True(want[n] == have[n], $"{description}: image {image}, y {y}, x {x}, channel {n}: {have[n]} instead of {want[n]}");
        }
    }

    /// <summary>Root mean square of the difference between two arenas' outputs, and of the first one's outputs.</summary>
    public (double Error, double Deviation) Deviation(TestArena expected, TestArena actual)
    {
        var s = Problem.Shape;
        double error = 0, square = 0;
        for (int pixel = 0; pixel < s.Pixels; pixel++)
        {
            var (image, y, x) = (pixel / s.OutputWidth / s.OutputHeight, pixel / s.OutputWidth % s.OutputHeight, pixel % s.OutputWidth);
            Half* want = (Half*)RandomConv.Pixel(expected, Problem.Output, image, y, x);
            Half* have = (Half*)RandomConv.Pixel(actual, Problem.Output, image, y, x);
            for (int n = 0; n < s.OutputChannels; n++)
                (error, square) = (error + Math.Pow((double)want[n] - (double)have[n], 2), square + Math.Pow((double)want[n], 2));
        }

        return (Math.Sqrt(error), Math.Sqrt(square));
    }

    /// <summary>With channels that fill vectors, which the kernel for such filters asks for.</summary>
    private static ConvShape DepthwiseSquare(Random random)
    {
        var shape = RandomConv.DepthwiseSquare(random);
        int channels = (shape.InputChannels + 7) / 8 * 8;
        return shape with { InputChannels = channels, OutputChannels = channels, Groups = channels };
    }

    private void CheckElement(TestArena actual, int image, int y, int x, int n, int chain, string description)
    {
        var (p, s) = (Problem, Problem.Shape);
        int channels = s.InputChannels / s.Groups, first = n / (s.OutputChannels / s.Groups) * channels;
        double sum = p.Bias[n], magnitude = Math.Abs(sum);
        for (int tap = 0; tap < s.KernelHeight * s.KernelWidth; tap++)
        {
            int iy = y * s.StrideHeight + tap / s.KernelWidth * s.DilationHeight - s.PadTop;
            int ix = x * s.StrideWidth + tap % s.KernelWidth * s.DilationWidth - s.PadLeft;
            if (iy < 0 || iy >= s.InputHeight || ix < 0 || ix >= s.InputWidth) continue;
            Half* values = (Half*)RandomConv.Pixel(Arena, p.Input, image, iy, ix) + first;
            for (int c = 0; c < channels; c++)
            {
                double product = (double)values[c] * (double)(Half)p.Weights.Span[(n * channels + c) * s.KernelHeight * s.KernelWidth + tap];
                sum += product;
                magnitude += Math.Abs(product);
            }
        }

        if (p.Residual is { } residual)
        {
            double r = (double)((Half*)RandomConv.Pixel(Arena, residual, image, y, x))[n];
            sum += r;
            magnitude += Math.Abs(r);
        }

        double exact = Math.Clamp(sum, p.Low, p.High);
        double error = Math.Abs((double)((Half*)RandomConv.Pixel(actual, p.Output, image, y, x))[n] - exact);
        double bound = ConvFp16Reference.ErrorBound(s.Depth, magnitude, exact, chain);
        if (_winograd is { } winograd)
            bound += ConvFp16WinogradNeonHalf.ErrorBound(s.InputChannels, winograd.Outputs, magnitude + winograd.Of(image, y, x, n));
        Assert.True(error <= bound, $"{description}: image {image}, y {y}, x {x}, channel {n}: error {error:G3} beyond {bound:G3}");
    }

    /// <summary>Gives every element of a placement a number.</summary>
    public void Fill(NhwcShape shape, Placement placement, Func<double> next)
    {
        for (int pixel = 0; pixel < shape.Batch * shape.Height * shape.Width; pixel++)
        {
            int row = pixel / shape.Width;
            Half* values = (Half*)RandomConv.Pixel(Arena, placement, row / shape.Height, row % shape.Height, pixel % shape.Width);
            for (int c = 0; c < shape.Channels; c++) values[c] = (Half)next();
        }
    }
}
