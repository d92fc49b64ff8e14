using System.Runtime.InteropServices;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Device.Cpu;

public class CpuCachesTests
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    [SkippableFact]
    public void Sizes_agree_with_the_kernel_s_view()
    {
        Skip.IfNot(Directory.Exists(Folder) && RuntimeInformation.ProcessArchitecture == Architecture.X64, $"no {Folder}, or not x86-64");
        var here = CpuCaches.Here;
        foreach (string index in Directory.GetDirectories(Folder, "index*"))
        {
            string size = Read(index, "size");
            Skip.IfNot(size.EndsWith('K'), $"{index} gives its size as '{size}'");
            long bytes = 1024 * long.Parse(size[..^1]);
            if (Read(index, "type") == "Instruction")
                continue;
            Assert.Equal(bytes, Read(index, "level") switch { "1" => here.L1d, "2" => here.L2, "3" => here.L3, _ => bytes });
        }
    }

    private static string Read(string index, string file) => File.ReadAllText(Path.Combine(index, file)).Trim();
}
