using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class ResizeTests
{
    public static IEnumerable<object[]> Names => KernelCases.Names<ResizeProblem>();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void A_resize_equals_the_reference_bit_for_bit(string name) =>
        KernelCases.AssertAllEqual<ResizeProblem>(name, Resize, static p => p.Type == ElementType.Float32);

    [Fact]
    public void Bytes_are_only_copied()
    {
        var place = new Placement(0, 1, 2, 4);
        var problem = new ResizeProblem
        {
            Input = new(1, 2, 2, 1),
            Output = new(1, 2, 2, 1),
            Type = ElementType.UInt8,
            Rows = new(1, [1, 0], [1, 1]),
            Columns = new(1, [1, 0], [1, 1]),
            From = place,
            To = place with { Offset = 4 },
        };
        problem.Check();
        Assert.Throws<ArgumentException>((problem with { Rows = new(1, [1, 0], [1, 0.5f]) }).Check);
        byte[] arena = [1, 2, 3, 4, 0, 0, 0, 0];
        using var kernel = KernelTable.Of<ResizeProblem>().First(entry => entry.CanRun(problem)).Create(problem);
        unsafe
        {
            fixed (byte* first = arena) kernel.Run(first, 0, 1);
        }

        Assert.True(arena.AsSpan().SequenceEqual<byte>([1, 2, 3, 4, 4, 3, 2, 1]), string.Join(' ', arena));
    }

    [Fact]
    public void Taps_outside_the_input_are_refused()
    {
        var taps = new ResizeTaps(1, [0, 3], [1, 1]);
        taps.Check("rows", 4, 2);
        Assert.Throws<ArgumentException>(() => taps.Check("rows", 3, 2));
        Assert.Throws<ArgumentException>(() => taps.Check("rows", 4, 3));
        Assert.Throws<ArgumentException>(() => new ResizeTaps(ResizeTaps.MaxCount + 1, new int[5], new float[5]).Check("rows", 1, 1));
    }

    internal static ResizeProblem Resize(Random random, TestArena arena)
    {
        int batch = random.Next(1, 3), channels = random.Next(1, 40);
        var input = new NhwcShape(batch, random.Next(1, 7), random.Next(1, 7), channels);
        var output = new NhwcShape(batch, random.Next(1, 9), random.Next(1, 9), channels);
        bool copies = random.Next(4) == 0;
        var type = copies && random.Next(2) == 0 ? ElementType.UInt8 : ElementType.Float32;
        int size = type == ElementType.UInt8 ? 1 : sizeof(float);
        return new ResizeProblem
        {
            Type = type,
            Input = input,
            Output = output,
            Rows = Taps(random, input.Height, output.Height, copies),
            Columns = Taps(random, input.Width, output.Width, copies),
            From = RandomConv.Dense(random, arena, input, size),
            To = RandomConv.Dense(random, arena, output, size),
        };
    }

    private static ResizeTaps Taps(Random random, int input, int output, bool copies)
    {
        int count = copies ? 1 : random.Next(1, ResizeTaps.MaxCount + 1);
        return new(
            count, [.. Enumerable.Range(0, output * count).Select(_ => random.Next(input))],
            [.. Enumerable.Range(0, output * count).Select(_ => copies ? 1 : random.NextSingle() - 0.25f)]);
    }
}
