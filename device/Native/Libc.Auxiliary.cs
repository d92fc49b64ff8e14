using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <content>What the kernel tells every program of the processor.</content>
internal static unsafe partial class Libc
{
    /// <summary>Key of the processor's features on 64-bit Arm, and of them half-precision arithmetic on vectors (FEAT_FP16).</summary>
    public const nuint HardwareCapabilities = 16, HardwareAsimdHp = 1 << 10;

    /// <summary>0 for a key that the kernel does not know.</summary>
    [LibraryImport("libc", EntryPoint = "getauxval")]
    public static partial nuint AuxiliaryValue(nuint key);
}
