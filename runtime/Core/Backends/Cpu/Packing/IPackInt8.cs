using ResNetEdge.Backends.Cpu.Conv;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>How a convolution's weights are packed: [panel][tap][steps][...], a step being four consecutive elements of a tap.</summary>
/// <typeparam name="TWeight">Element of the packed weights.</typeparam>
internal interface IPackInt8<TWeight> where TWeight : unmanaged
{
    /// <summary>Packed elements of one step of one lane.</summary>
    static abstract int StepElements { get; }

    /// <summary>Packs ONNX's order.</summary>
    static abstract NativeBlock<TWeight> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels);
}
