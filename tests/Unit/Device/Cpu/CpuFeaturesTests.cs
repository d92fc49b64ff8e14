using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Device.Cpu;

public class CpuFeaturesTests
{
    [SkippableFact]
    public void Features_agree_with_the_kernel_s_view()
    {
        const string CpuInfo = "/proc/cpuinfo";
        Skip.IfNot(File.Exists(CpuInfo), "no /proc/cpuinfo");
        string[] lines = File.ReadAllLines(CpuInfo);
        string? flags = lines.FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        Skip.If(flags is null, "this processor lists no x86 flags");
        string[] known = flags.Split(' ');
        Assert.All(CpuFeatures.Names, name => Assert.Contains(name, known));
        Assert.Equal(known.Contains("avx512_vnni"), CpuFeatures.HasAvx512Vnni);
        Assert.Equal(known.Contains("avx512bw"), CpuFeatures.ProcessorHasAvx512Bw && CpuFeatures.Avx512Refusal is null);
        Assert.Equal(known.Contains("amx_int8"), CpuFeatures.ProcessorHasAmxInt8 && CpuFeatures.AmxRefusal is null);
        Assert.Contains(
            lines, line => line.StartsWith("model name", StringComparison.Ordinal) && line.EndsWith(CpuFeatures.ModelName, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Without_AMX_the_permission_is_refused_with_a_reason()
    {
        Skip.If(CpuFeatures.ProcessorHasAmxInt8, "this processor has AMX");
        Assert.Equal("this processor lacks AMX with int8", AmxPermission.Refusal);
    }
}
