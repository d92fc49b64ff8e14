using ResNetEdge.Device.Cpu;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Cpu;

/// <summary>Processors whose properties are files, by name, of each one's folder.</summary>
internal sealed record Board(int Cores, Func<int, Dictionary<string, string>> Files)
{
    /// <summary>As the program reads them.</summary>
    public IReadOnlyList<CpuCore> Read()
    {
        using var folder = new TempFolder();
        for (int i = 0; i < Cores; i++)
        {
            foreach (var (name, text) in Files(i))
            {
                string path = Path.Combine(folder.Path, $"cpu{i}", name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text + "\n");
            }
        }

        return CpuCores.Read(folder.Path, Enumerable.Range(0, Cores));
    }
}
