using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>One instruction set's emitted int8 kernels. A struct type parameter of <see cref="ConvInt8Emitted{TForm, TWeight}"/>.</summary>
/// <typeparam name="TWeight">Element of the packed weights.</typeparam>
internal interface IConvInt8Form<TWeight> : IPackInt8<TWeight> where TWeight : unmanaged
{
    /// <summary>Kernel offsets by rows for a panel of so many lanes; -1 where there is none.</summary>
    static abstract ReadOnlySpan<int> Entries(int width);
}
