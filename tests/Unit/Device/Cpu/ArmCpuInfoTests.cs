using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Device.Cpu;

public class ArmCpuInfoTests
{
    private const string A76Features =
        "Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp";

    [Fact]
    public void One_design_is_named_alone()
    {
        var info = ArmCpuInfo.Parse([.. Core("0x41", "0xd0b", A76Features), .. Core("0x41", "0xd0b", A76Features)]);
        Assert.Equal("Cortex-A76", info.ModelName);
        Assert.Equal(["asimd", "asimdrdm", "asimdhp", "asimddp"], info.Features);
    }

    [Fact]
    public void Big_and_little_cores_are_counted_in_the_system_s_order()
    {
        string[] little = Core("0x41", "0xd05", A76Features), big = Core("0x41", "0xd0b", A76Features);
        Assert.Equal("2 Cortex-A55 + 1 Cortex-A76", ArmCpuInfo.Parse([.. little, .. little, .. big]).ModelName);
    }

    [Fact]
    public void An_unknown_design_is_named_by_its_numbers() =>
        Assert.Equal("Arm implementer 0x51 part 0xabc", ArmCpuInfo.Parse(Core("0x51", "0xabc", "Features : asimd")).ModelName);

    [Theory]
    [InlineData("")]
    [InlineData("processor : 0\nmodel name : AMD EPYC\nflags : fpu avx2")]
    [InlineData("CPU implementer\nCPU part\nFeatures")]
    public void What_is_not_said_is_left_out(string text)
    {
        var info = ArmCpuInfo.Parse(text.Split('\n'));
        Assert.Equal("", info.ModelName);
        Assert.Empty(info.Features);
    }

    [Fact]
    public void Numbers_that_are_none_do_no_harm() =>
        Assert.Equal("Arm implementer 0x00 part 0x000", ArmCpuInfo.Parse(["CPU implementer : 0xzz", "CPU part : 99999999999999"]).ModelName);

    private static string[] Core(string implementer, string part, string features) =>
        ["processor\t: 0", "BogoMIPS\t: 108.00", features, $"CPU implementer\t: {implementer}", "CPU architecture: 8", $"CPU part\t: {part}", ""];
}
