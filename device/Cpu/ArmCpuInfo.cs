using System.Globalization;

namespace ResNetEdge.Device.Cpu;

/// <summary>
/// What Linux writes in /proc/cpuinfo on a 64-bit Arm machine: no model name, but for each core who made it and which design it is
/// (MIDR_EL1), and the features that all have.
/// </summary>
/// <param name="ModelName">Every design with its number of cores in the system's order, <c>4 Cortex-A55 + 4 Cortex-A76</c>; its name alone where
/// there is one; empty where nothing is listed.</param>
/// <param name="Features">In the system's spelling: <c>asimd</c>, <c>asimddp</c> (dot products), <c>i8mm</c>.</param>
internal sealed record ArmCpuInfo(string ModelName, IReadOnlyList<string> Features)
{
    /// <summary>Implementer and part number of MIDR_EL1, as Arm's technical reference manuals and the makers give them.</summary>
    private static readonly Dictionary<(int Implementer, int Part), string> Designs = new()
    {
        [(0x41, 0xD03)] = "Cortex-A53",
        [(0x41, 0xD04)] = "Cortex-A35",
        [(0x41, 0xD05)] = "Cortex-A55",
        [(0x41, 0xD07)] = "Cortex-A57",
        [(0x41, 0xD08)] = "Cortex-A72",
        [(0x41, 0xD09)] = "Cortex-A73",
        [(0x41, 0xD0A)] = "Cortex-A75",
        [(0x41, 0xD0B)] = "Cortex-A76",
        [(0x41, 0xD0C)] = "Neoverse-N1",
        [(0x41, 0xD0D)] = "Cortex-A77",
        [(0x41, 0xD40)] = "Neoverse-V1",
        [(0x41, 0xD41)] = "Cortex-A78",
        [(0x41, 0xD42)] = "Cortex-A78AE",
        [(0x41, 0xD44)] = "Cortex-X1",
        [(0x41, 0xD46)] = "Cortex-A510",
        [(0x41, 0xD47)] = "Cortex-A710",
        [(0x41, 0xD49)] = "Neoverse-N2",
        [(0x4E, 0x004)] = "NVIDIA Carmel",
    };

    /// <summary>Features that matter to kernels.</summary>
    private static readonly string[] Known = ["asimd", "asimdrdm", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2"];

    /// <summary>Reads the text of /proc/cpuinfo; what it does not say is left out.</summary>
    public static ArmCpuInfo Parse(IEnumerable<string> lines)
    {
        var cores = new List<(string Design, int Count)>();
        HashSet<string> features = [];
        int implementer = 0;
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            string value = line[(colon + 1)..].Trim();
            switch (line[..colon].Trim())
            {
                case "CPU implementer":
                    implementer = Number(value);
                    break;
                case "CPU part":
                    Add(cores, Designs.GetValueOrDefault(
                        (implementer, Number(value)), $"Arm implementer 0x{implementer:x2} part 0x{Number(value):x3}"));
                    break;
                case "Features":
                    features.UnionWith(value.Split(' '));
                    break;
            }
        }

        string name = cores.Count == 1 ? cores[0].Design : string.Join(" + ", cores.Select(core => $"{core.Count} {core.Design}"));
        return new ArmCpuInfo(name, [.. Known.Where(features.Contains)]);
    }

    private static void Add(List<(string Design, int Count)> cores, string design)
    {
        int at = cores.FindIndex(core => core.Design == design);
        if (at < 0)
            cores.Add((design, 1));
        else
            cores[at] = (design, cores[at].Count + 1);
    }

    /// <summary>0x41 as 65; 0, which no maker has, for anything that is not such a number.</summary>
    private static int Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
