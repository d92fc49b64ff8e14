using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class LayoutTests
{
    public static IEnumerable<object[]> StridedCopyNames => KernelCases.Names<StridedCopyProblem>();

    public static IEnumerable<object[]> SubsampleNames => KernelCases.Names<SubsamplePadProblem>();

    [SkippableTheory]
    [MemberData(nameof(StridedCopyNames))]
    public void Elements_are_moved_as_the_reference_says(string name) => KernelCases.AssertAllEqual<StridedCopyProblem>(name, StridedCopy);

    [SkippableTheory]
    [MemberData(nameof(SubsampleNames))]
    public void Shortcuts_are_subsampled_as_the_reference_says(string name) => KernelCases.AssertAllEqual<SubsamplePadProblem>(name, Subsample);

    [Fact]
    public void Channels_first_to_last_and_back_is_the_identity()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var shape = KernelCases.Shape(random);
            long input = arena.Reserve(shape.Elements * 4, 4), output = arena.Reserve(shape.Elements * 4, 4);
            var between = RandomConv.Dense(random, arena, shape, 4);
            arena.Create(floats: false);
            CopyDimension[] dimensions =
            [
                new(shape.Batch, shape.Elements / shape.Batch * 4, between.ImageStride), new(shape.Channels, shape.Height * shape.Width * 4L, 4),
                new(shape.Height, shape.Width * 4L, between.RowStride), new(shape.Width, 4, between.PixelStride),
            ];
            using var there = KernelTable.Prepare(Copy(dimensions, input, between.Offset), KernelTiers.Best);
            using var back = KernelTable.Prepare(
                Copy(dimensions.Select(static d => new CopyDimension(d.Size, d.Output, d.Input)), between.Offset, output), KernelTiers.Best);
            there.Run(arena.Base, 0, 1);
            back.Run(arena.Base, 0, 1);
            int bytes = (int)shape.Elements * 4;
            Assert.True(arena.Bytes.Slice((int)input, bytes).SequenceEqual(arena.Bytes.Slice((int)output, bytes)), $"seed {seed}, {shape}");
            float first = *(float*)(arena.Base + between.Offset + (shape.Width - 1) * between.PixelStride);
            Assert.Equal(
                BitConverter.SingleToInt32Bits(*(float*)(arena.Base + input + (shape.Width - 1) * 4)), BitConverter.SingleToInt32Bits(first));
        }
    }

    [Fact]
    public void The_parameter_free_shortcut_takes_every_second_pixel_and_pads_channels()
    {
        using var arena = new TestArena(new Random(1));
        var shape = new NhwcShape(1, 3, 3, 2);
        var from = new Placement(arena.Reserve(18, 1), 2, 6, 18);
        var to = new Placement(arena.Reserve(16, 1), 4, 8, 16);
        arena.Create(floats: false);
        for (byte i = 0; i < 18; i++)
            arena.Base[from.Offset + i] = i;
        using var kernel = KernelTable.Prepare(
            new SubsamplePadProblem
            {
                Input = shape,
                StrideHeight = 2,
                StrideWidth = 2,
                PadFront = 1,
                OutputChannels = 4,
                Type = ElementType.UInt8,
                ZeroPoint = 99,
                From = from,
                To = to,
            },
            KernelTiers.Best);
        kernel.Run(arena.Base, 0, 1);
        // As text: xunit compares arrays by reflection, which a native program lacks.
        Assert.Equal("99 0 1 99 99 4 5 99 99 12 13 99 99 16 17 99", string.Join(' ', arena.Bytes.Slice((int)to.Offset, 16).ToArray()));
    }

    private static StridedCopyProblem Copy(IEnumerable<CopyDimension> dimensions, long input, long output)
    {
        var problem = new StridedCopyProblem
        {
            Type = ElementType.Float32,
            Dimensions = CopyDimension.Joined(dimensions, sizeof(float)),
            Input = input,
            Output = output,
        };
        problem.Check();
        return problem;
    }

    internal static StridedCopyProblem StridedCopy(Random random, TestArena arena)
    {
        var type = new[] { ElementType.UInt8, ElementType.Int16, ElementType.Float32, ElementType.Float32, ElementType.Int64 }[random.Next(5)];
        int size = type.Size(), rank = random.Next(1, 5);
        int[] sizes = [.. Enumerable.Range(0, rank).Select(_ => random.Next(1, random.Next(3) == 0 ? 40 : 6))];
        long[] input = Steps(random, sizes, size, isShuffled: true), output = Steps(random, sizes, size, isShuffled: random.Next(3) == 0);
        long Extent(long[] steps) => Enumerable.Range(0, rank).Sum(d => (sizes[d] - 1) * steps[d]) + size;
        var problem = new StridedCopyProblem
        {
            Type = type,
            Dimensions = CopyDimension.Joined(Enumerable.Range(0, rank).Select(d => new CopyDimension(sizes[d], input[d], output[d])), size),
            Input = arena.Reserve(Extent(input), 8),
            Output = arena.Reserve(Extent(output), 8),
        };
        problem.Check();
        return problem;
    }

    // Steps of a dense or gappy value whose axes follow each other in any order.
    private static long[] Steps(Random random, int[] sizes, int size, bool isShuffled)
    {
        long[] steps = new long[sizes.Length];
        long step = size;
        int[] order = [.. Enumerable.Range(0, sizes.Length).Reverse()];
        if (isShuffled) random.Shuffle(order);
        foreach (int d in order)
        {
            steps[d] = step;
            step = (step * sizes[d]) + (random.Next(4) == 0 ? size * random.Next(1, 3) : 0);
        }

        return steps;
    }

    internal static SubsamplePadProblem Subsample(Random random, TestArena arena)
    {
        var shape = KernelCases.Shape(random);
        var type = random.Next(2) == 0 ? ElementType.UInt8 : ElementType.Float32;
        int front = random.Next(5);
        var problem = new SubsamplePadProblem
        {
            Input = shape,
            StrideHeight = random.Next(1, 4),
            StrideWidth = random.Next(1, 4),
            PadFront = front,
            OutputChannels = shape.Channels + front + random.Next(5),
            Type = type,
            ZeroPoint = (byte)random.Next(256),
            From = RandomConv.Dense(random, arena, shape, type.KernelSize()),
            To = default,
        };
        problem = problem with { To = RandomConv.Dense(random, arena, problem.Output, type.KernelSize()) };
        problem.Check();
        return problem;
    }
}
