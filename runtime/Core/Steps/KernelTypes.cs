using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>The element types that kernels know: u8 (quantised), float16 and float32.</summary>
internal static class KernelTypes
{
    /// <summary>Bytes of an element.</summary>
    /// <exception cref="ArgumentException">Another type.</exception>
    public static int KernelSize(this ElementType type) => type switch
    {
        ElementType.UInt8 => 1,
        ElementType.Float16 => HalfNumbers.Size,
        ElementType.Float32 => 4,
        _ => throw new ArgumentException($"no kernel works on {type}"),
    };

    /// <summary>The type's word in kernel names.</summary>
    public static string KernelWord<T>() where T : unmanaged => typeof(T) == typeof(byte) ? "Int8" : typeof(T) == typeof(Half) ? "Fp16" : "Fp32";
}
