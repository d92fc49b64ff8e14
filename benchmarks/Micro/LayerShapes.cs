using ResNetEdge.Steps;

namespace ResNetEdge.Benchmarks.Micro;

/// <summary>
/// Convolutions of real networks, one a line of benchmarks/shapes/*.txt:
/// <c>height width inputs outputs kernel stride times [groups]</c>; padding is half the kernel.
/// </summary>
public static class LayerShapes
{
    /// <summary>Names of the files.</summary>
    public static IEnumerable<string> Networks =>
        Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "shapes");

    internal static IEnumerable<(ConvShape Shape, int Times)> Read(string network)
    {
        foreach (string line in File.ReadLines(Path.Combine(Folder, network + ".txt")).Where(line => !line.StartsWith('#')))
        {
            int[] n = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            int pad = n[4] / 2;
            yield return (new ConvShape
            {
                InputHeight = n[0],
                InputWidth = n[1],
                InputChannels = n[2],
                OutputChannels = n[3],
                KernelHeight = n[4],
                KernelWidth = n[4],
                StrideHeight = n[5],
                StrideWidth = n[5],
                PadTop = pad,
                PadLeft = pad,
                PadBottom = pad,
                PadRight = pad,
                Groups = n.Length > 7 ? n[7] : 1,
            }, n[6]);
        }
    }
}
