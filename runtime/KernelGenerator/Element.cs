namespace ResNetEdge.KernelGenerator;

/// <summary>What a kernel multiplies.</summary>
internal enum Element
{
    /// <summary>u8 activations, s8 weights, s32 sums: <c>vpdpbusd</c>, four products a lane and step.</summary>
    Int8,

    /// <summary>float32: <c>vfmadd231ps</c>, one product a lane and step.</summary>
    Fp32,

    /// <summary>
    /// As Fp32 where weights serve a tile or two and are then done with, as in Winograd's products: every tile fetches all lines wanted next.
    /// </summary>
    Fp32Streamed,

    /// <summary>As Int8 without VNNI: even and odd bytes apart, <c>vpmaddwd</c> and <c>vpaddd</c>; weights are s16.</summary>
    Int8Bw,
}
