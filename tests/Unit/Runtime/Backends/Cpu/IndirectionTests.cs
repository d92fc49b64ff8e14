using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class IndirectionTests
{
    private const long Padding = 123_456; // No other test's place.

    [Fact]
    public void Layers_of_the_same_geometry_and_place_share_one_table_whatever_their_filters()
    {
        using Indirection one = new(Layout(8, 16, 0)), same = new(Layout(8, 40, 0)), elsewhere = new(Layout(8, 16, 4096));
        Assert.True(one.Offsets == same.Offsets);
        Assert.True(one.Offsets != elsewhere.Offsets);
    }

    [Fact]
    public void A_table_lives_until_its_last_user_lets_it_go()
    {
        var layout = Layout(9, 16, 64);
        var first = new Indirection(layout);
        var second = new Indirection(layout);
        uint expected = first.Offsets[first.Pixels - 1];
        first.Dispose();
        first.Dispose();
        Assert.Equal(expected, second.Offsets[second.Pixels - 1]);
        second.Dispose();
        using var third = new Indirection(layout);
        Assert.Equal(expected, third.Offsets[third.Pixels - 1]);
    }

    private static ConvLayout Layout(int size, int filters, long offset)
    {
        var shape = new ConvShape
        {
            InputHeight = size,
            InputWidth = size,
            InputChannels = 16,
            OutputChannels = filters,
            KernelHeight = 3,
            KernelWidth = 3,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
        };
        return new ConvLayout(shape, new Placement(offset, 16, size * 16, size * size * 16), Padding, 1);
    }
}
