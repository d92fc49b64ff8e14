using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>One kernel call of a plan, before its buffers have places.</summary>
/// <param name="Operation">What it does, for people: <c>Conv+Add+Relu</c>.</param>
/// <param name="Node">The graph node that it stands for (the convolution of a fusion).</param>
/// <param name="Reads">Buffers read.</param>
/// <param name="Writes">Buffer written.</param>
/// <param name="Prepare">Binds the kernel once all buffers have places.</param>
internal sealed record PlanStep(string Operation, string Node, PlanBuffer[] Reads, PlanBuffer Writes, Func<KernelTier, PreparedKernel> Prepare)
{
    /// <summary>A buffer of <see cref="Reads"/> that the kernel may overwrite with its result, element by element: the shortcut of a residual add.</summary>
    public PlanBuffer? InPlace { get; init; }

    /// <summary>Memory that the kernel needs only while it runs, or null; the builder owns it.</summary>
    public Storage? Scratch { get; init; }

    /// <summary>The model's constant that <see cref="Prepare"/> packs and the kernel then needs no more; empty when there is none of any size.</summary>
    public ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>Multiply-accumulates.</summary>
    public long Macs { get; init; }

    /// <summary>Residual adds done inside this step's one pass over its output.</summary>
    public int FusedAdds { get; init; }
}
