using System.Runtime.InteropServices;
using ResNetEdge.Device.Cpu;
using ResNetEdge.Operators.Elementwise;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>The functions of every element that exist as machine code, mapped executable on first use and for the life of the process.</summary>
internal static class EmittedFunctions
{
    private static readonly CodeMemory? Memory = CodeMemory.TryMap(MemoryMarshal.AsBytes(FunctionsAvx512.Code), out _);

    private static readonly Dictionary<ElementFunction, int> Offsets = new()
    {
        [new ElementFunction<Sigmoid.Function>(default)] = FunctionsAvx512.Sigmoid,
        [new ElementFunction<SigmoidGate>(new(1))] = FunctionsAvx512.Silu,
        [new ElementFunction<Tanh.Function>(default)] = FunctionsAvx512.Tanh,
        [new ElementFunction<Erf.Function>(default)] = FunctionsAvx512.Erf,
        [new ElementFunction<ErrorGate>(default)] = FunctionsAvx512.Gelu,
        [new ElementFunction<TanhGate>(default)] = FunctionsAvx512.GeluByTanh,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<ElementFunction> All => Offsets.Keys;

    /// <summary>Address of a function's code, or null when there is none or the system refused to map it.</summary>
    public static nint? Find(ElementFunction function) =>
        Memory is not null && Offsets.TryGetValue(function, out int offset) ? Memory.At(offset) : null;
}
