namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>What a kernel has done wrong, in one sentence.</summary>
internal sealed class DeviceFault(string message) : Exception(message);
