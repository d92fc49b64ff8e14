using ResNetEdge.Device.Native;

namespace ResNetEdge.Tests.Unit.Device.Pins;

/// <summary>Sizes, offsets and request numbers as a C compiler gives them for linux/gpio.h, the same on x64 and arm64.</summary>
public unsafe class GpioAbiTests
{
    [Fact]
    public void Structures_have_the_kernels_sizes()
    {
        Assert.Equal(68, sizeof(GpioAbi.ChipInfo));
        Assert.Equal(16, sizeof(GpioAbi.Attribute));
        Assert.Equal(24, sizeof(GpioAbi.ConfigAttribute));
        Assert.Equal(272, sizeof(GpioAbi.Config));
        Assert.Equal(592, sizeof(GpioAbi.LineRequest));
        Assert.Equal(256, sizeof(GpioAbi.LineInfo));
        Assert.Equal(16, sizeof(GpioAbi.LineValues));
        Assert.Equal(48, sizeof(GpioAbi.LineEvent));
    }

    [Fact]
    public void Fields_stand_where_the_kernel_has_them()
    {
        GpioAbi.LineRequest request;
        Assert.Equal((256, 288, 560, 588),
            (At(&request, request.Consumer), At(&request, &request.Config), At(&request, &request.LineCount), At(&request, &request.Fd)));
        Assert.Equal((288 + 8, 288 + 32), (At(&request, &request.Config.AttributeCount), At(&request, &request.Config.Attributes)));
        GpioAbi.LineInfo info;
        Assert.Equal((32, 64, 72, 80), (At(&info, info.Consumer), At(&info, &info.Offset), At(&info, &info.Flags), At(&info, &info.Attributes)));
        GpioAbi.LineEvent change;
        Assert.Equal((8, 12, 16, 20), (At(&change, &change.Id), At(&change, &change.Offset), At(&change, &change.Sequence),
            At(&change, &change.LineSequence)));
        GpioAbi.ChipInfo chip;
        Assert.Equal((32, 64), (At(&chip, chip.Label), At(&chip, &chip.Lines)));
    }

    [Fact]
    public void Requests_have_the_kernels_numbers() => Assert.Equal(
        [0x8044B401, 0xC100B405, 0xC250B407, 0xC110B40D, 0xC010B40E, 0xC010B40F],
        new[] { GpioAbi.GetChipInfo, GpioAbi.GetLineInfo, GpioAbi.GetLine, GpioAbi.SetConfig, GpioAbi.GetValues, GpioAbi.SetValues }
            .Select(r => (uint)r));

    [Fact]
    public void Text_ends_at_its_zero_or_with_its_field()
    {
        Assert.Equal("lamp", GpioAbi.Text("lamp\0rest"u8));
        Assert.Equal("full", GpioAbi.Text("full"u8));
        Assert.Equal("a?b?", GpioAbi.Text([(byte)'a', 27, (byte)'b', 200]));
    }

    private static int At(void* start, void* field) => (int)((byte*)field - (byte*)start);
}
