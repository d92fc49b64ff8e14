using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>
/// Random convolutions: kernel 1..7, stride 1..3, dilation 1..3, groups including depthwise, odd
/// channels, asymmetric padding, borders, gaps between pixels.
/// </summary>
internal static class RandomConv
{
    public static ConvShape Shape(Random random, long maxMacs)
    {
        if (random.Next(5) == 0)
            return Narrow(random);
        while (true)
        {
            var (groups, inputs, outputs) = Channels(random);
            int kernelHeight = random.Next(2) == 0 ? 3 : random.Next(1, 8), kernelWidth = random.Next(3) == 0 ? random.Next(1, 8) : kernelHeight;
            var shape = new ConvShape
            {
                Batch = random.Next(4) == 0 ? 2 : 1,
                InputHeight = random.Next(1, 15),
                InputWidth = random.Next(1, 15),
                InputChannels = inputs,
                OutputChannels = outputs,
                Groups = groups,
                KernelHeight = kernelHeight,
                KernelWidth = kernelWidth,
                StrideHeight = random.Next(1, 4),
                StrideWidth = random.Next(1, 4),
                DilationHeight = random.Next(3) == 0 ? random.Next(1, 4) : 1,
                DilationWidth = random.Next(3) == 0 ? random.Next(1, 4) : 1,
                PadTop = random.Next(kernelHeight),
                PadLeft = random.Next(kernelWidth),
                PadBottom = random.Next(kernelHeight),
                PadRight = random.Next(kernelWidth),
            };
            int spanY = (kernelHeight - 1) * shape.DilationHeight + 1, spanX = (kernelWidth - 1) * shape.DilationWidth + 1;
            bool fits = shape.InputHeight + shape.PadTop + shape.PadBottom >= spanY && shape.InputWidth + shape.PadLeft + shape.PadRight >= spanX;
            if (fits && shape.Macs <= maxMacs)
                return shape;
        }
    }

    /// <summary>A depthwise convolution with a square filter of 3 or 5 and one stride of 1 or 2, from one pixel to several tiles wide.</summary>
    public static ConvShape DepthwiseSquare(Random random)
    {
        int channels = random.Next(2, 40), kernel = random.Next(2) == 0 ? 3 : 5, stride = random.Next(1, 3);
        return new ConvShape
        {
            Batch = random.Next(4) == 0 ? 2 : 1,
            InputHeight = random.Next(kernel, 12),
            InputWidth = random.Next(kernel, 26),
            InputChannels = channels,
            OutputChannels = channels,
            Groups = channels,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PadTop = random.Next(kernel),
            PadLeft = random.Next(kernel),
            PadBottom = random.Next(kernel),
            PadRight = random.Next(kernel),
        };
    }

    /// <summary>An input with or without a physical border and gaps between pixels.</summary>
    /// <param name="random">Draws them.</param>
    /// <param name="arena">Where it is to be.</param>
    /// <param name="s">The convolution.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="unit">Elements of which gaps are multiples, and where it begins.</param>
    public static Placement Input(Random random, TestArena arena, ConvShape s, int size, int unit = 1)
    {
        int gap = random.Next(3) == 0 ? random.Next(1, 4) * unit : 0, alignment = size * unit;
        int pixel = (s.InputChannels + gap) * size;
        bool border = random.Next(2) == 0 && s.PadLeft + s.PadRight > 0;
        if (!border)
        {
            long dense = (long)s.InputHeight * s.InputWidth * pixel;
            return new Placement(arena.Reserve(s.Batch * dense, alignment), pixel, s.InputWidth * pixel, dense);
        }

        int row = (s.InputWidth + s.PadLeft + s.PadRight) * pixel;
        long image = (long)(s.InputHeight + s.PadTop + s.PadBottom) * row;
        return new Placement(arena.Reserve(s.Batch * image, alignment) + (long)s.PadTop * row + s.PadLeft * pixel, pixel, row, image);
    }

    /// <summary>A placement dense in pixels, now and then a slice of a wider one.</summary>
    public static Placement Dense(Random random, TestArena arena, NhwcShape shape, int size)
    {
        int before = random.Next(3) == 0 ? random.Next(1, 5) : 0, after = random.Next(3) == 0 ? random.Next(1, 70) : 0;
        int pixel = (before + shape.Channels + after) * size, row = shape.Width * pixel;
        long image = (long)shape.Height * row;
        return new Placement(arena.Reserve(shape.Batch * image, size) + before * size, pixel, row, image);
    }

    /// <summary>Writes the border of an input that has one; every byte of it when floats are 0 or bytes are the zero point.</summary>
    public static unsafe void FillBorder(TestArena arena, ConvShape s, Placement input, int size, byte value)
    {
        if (input.RowStride == s.InputWidth * input.PixelStride)
            return;
        for (int image = 0; image < s.Batch; image++)
        {
            for (int y = -s.PadTop; y < s.InputHeight + s.PadBottom; y++)
            {
                for (int x = -s.PadLeft; x < s.InputWidth + s.PadRight; x++)
                {
                    if (y < 0 || y >= s.InputHeight || x < 0 || x >= s.InputWidth)
                        new Span<byte>(Pixel(arena, input, image, y, x), s.InputChannels * size).Fill(value);
                }
            }
        }
    }

    public static unsafe byte* Pixel(TestArena arena, Placement p, int image, int y, int x) =>
        arena.Base + p.Offset + image * p.ImageStride + (long)y * p.RowStride + (long)x * p.PixelStride;

    /// <summary>The first stage of CIFAR's residual networks, which has kernels of its own.</summary>
    private static ConvShape Narrow(Random random) => new()
    {
        Batch = random.Next(1, 3),
        InputHeight = random.Next(1, 12),
        InputWidth = 4 * random.Next(1, 6),
        InputChannels = 16,
        OutputChannels = 16,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };

    /// <summary>Depthwise filters and small groups, over rows below, at and above the tiles of their kernels.</summary>
    public static ConvShape AlongRows(Random random)
    {
        while (true)
        {
            bool depthwise = random.Next(2) == 0;
            int kernel = depthwise ? 3 + 2 * random.Next(3) : 3, most = kernel / 2 + 1, groups = random.Next(2, depthwise ? 70 : 12);
            var (inputs, outputs) = depthwise ? (1, 1)
                : random.Next(4) switch { 0 => (4, 4), 1 => (8, 8), 2 => (16, 16), _ => (4 * random.Next(1, 9), 32) };
            var shape = new ConvShape
            {
                Batch = random.Next(1, 3),
                InputHeight = random.Next(1, depthwise ? 12 : 5),
                InputWidth = random.Next(1, 34),
                InputChannels = groups * inputs,
                OutputChannels = groups * outputs,
                Groups = groups,
                KernelHeight = random.Next(3) == 0 ? random.Next(1, 4) : kernel,
                KernelWidth = kernel,
                StrideHeight = random.Next(1, 3),
                StrideWidth = random.Next(1, 3),
                DilationHeight = random.Next(4) == 0 ? 2 : 1,
                PadTop = random.Next(most),
                PadLeft = random.Next(most),
                PadBottom = random.Next(most),
                PadRight = random.Next(most),
            };
            bool fits = shape.InputWidth + shape.PadLeft + shape.PadRight >= kernel
                && shape.InputHeight + shape.PadTop + shape.PadBottom >= (shape.KernelHeight - 1) * shape.DilationHeight + 1;
            if (fits) return shape;
        }
    }

    private static (int Groups, int Inputs, int Outputs) Channels(Random random)
    {
        switch (random.Next(5))
        {
            case 0: // Depthwise, with and without a multiplier.
                int channels = random.Next(1, 70);
                return (channels, channels, channels * (random.Next(3) == 0 ? 2 : 1));
            case 1:
                int groups = random.Next(2, 9);
                return (groups, groups * random.Next(1, 12), groups * random.Next(1, 40));
            case 2:
                return (1, random.Next(1, 5), random.Next(1, 80));
            default:
                return (1, random.Next(1, 70), random.Next(1, 200));
        }
    }
}
