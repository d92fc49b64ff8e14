using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels as PTX text, which the driver compiles for its processor when a model is loaded.</summary>
internal static class CudaKernels
{
    private const string HeaderEnd = ".address_size 64\n";

    /// <summary>
    /// Processors for which there is a text, best first. That of the last holds the kernels that run on any processor; the others only those that
    /// come beside them from their own processor on.
    /// </summary>
    public static IReadOnlyList<int> Targets { get; } = [80, 72];

    /// <summary>The text of one of <see cref="Targets"/>, as it is checked in.</summary>
    public static string Part(int target)
    {
        string name = $"kernels.sm_{target}.ptx.gz";
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of this program");
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return text.ReadToEnd();
    }

    /// <summary>All kernels for a processor, with a zero at their end.</summary>
    /// <param name="processor">Compute capability times ten; at least the last of <see cref="Targets"/>.</param>
    public static byte[] Text(int processor)
    {
        string[] parts = [.. Targets.Where(t => t <= processor).Select(Part)];
        return Terminated(string.Concat([parts[0], .. parts[1..].Select(WithoutHeader)]));
    }

    /// <summary>Kernels that are written for a model, with a zero at their end.</summary>
    /// <param name="functions">What they are written from.</param>
    /// <param name="common">A text that has the kernels of Functions.cuh; null for that of the program.</param>
    public static byte[] Text(IEnumerable<CudaFunction> functions, string? common = null)
    {
        common ??= Part(Targets[^1]);
        return Terminated(string.Concat([common[..HeaderLength(common)], .. functions.DistinctBy(f => f.Name).Select(f => f.In(common))]));
    }

    private static string WithoutHeader(string text) => text[HeaderLength(text)..];

    private static int HeaderLength(string text) => text.IndexOf(HeaderEnd, StringComparison.Ordinal) + HeaderEnd.Length;

    private static byte[] Terminated(string text) => Encoding.ASCII.GetBytes(text + "\0");
}
