using System.IO.Compression;
using System.Reflection;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels as PTX text, which the driver compiles for its processor when a model is loaded.</summary>
internal static class CudaKernels
{
    /// <summary>Processors for which there is a text, best first; each text runs on its own processor and on all later ones.</summary>
    public static IReadOnlyList<int> Targets { get; } = [80, 72];

    /// <summary>The best text for a processor, with a zero at its end.</summary>
    /// <param name="processor">Compute capability times ten; at least the last of <see cref="Targets"/>.</param>
    public static byte[] Text(int processor)
    {
        string name = $"kernels.sm_{Targets.First(t => t <= processor)}.ptx.gz";
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of this program");
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var text = new MemoryStream();
        unpacked.CopyTo(text);
        text.WriteByte(0);
        return text.ToArray();
    }
}
