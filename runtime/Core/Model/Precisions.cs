namespace ResNetEdge.Model;

/// <summary>The precisions of a network, as manifests and <c>--precision</c> spell them.</summary>
internal static class Precisions
{
    /// <summary>Float32 throughout.</summary>
    public const string Fp32 = "fp32";

    /// <summary>Float16 where its range is enough.</summary>
    public const string Fp16 = "fp16";

    /// <summary>Quantised to 8 bits.</summary>
    public const string Int8 = "int8";

    /// <summary>All of them, the exporter's default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Int8, Fp16, Fp32];

    /// <summary>For messages: <c>int8, fp16 or fp32</c>.</summary>
    public static string Words { get; } = $"{string.Join(", ", All.SkipLast(1))} or {All[^1]}";
}
