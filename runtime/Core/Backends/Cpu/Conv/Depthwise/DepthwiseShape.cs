using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>What the depthwise kernels take.</summary>
internal static class DepthwiseShape
{
    /// <summary>One input and one output channel a group, over pictures.</summary>
    public static bool Is(ConvShape shape) =>
        shape is { Groups: > 1, GroupInputChannels: 1, GroupOutputChannels: 1, InputDepth: 1, KernelDepth: 1 };
}
