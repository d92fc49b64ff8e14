using ResNetEdge.Device.Gpu;

namespace ResNetEdge.Engines;

/// <summary>What a caller may ask of an engine.</summary>
public record EngineOptions
{
    /// <summary>
    /// Threads that share one inference; at least 1 (<see cref="ArgumentOutOfRangeException"/> when a model is loaded). More than there are cores are
    /// not used, and engines that run at the same time share what there is.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// False: float convolutions are computed directly and never by Winograd's method. Slower, and the last bits of the result depend
    /// less on the machine: for numbers that are kept, as in calibration.
    /// </summary>
    public bool Winograd { get; init; } = true;

    /// <summary>
    /// True: outputs stay in the layout in which they are computed until they are asked for, which spares a pass over each of them. For networks with
    /// many outputs that are looked at where they lie, as in calibration.
    /// </summary>
    internal bool OutputsAsComputed { get; init; }

    /// <summary>True: float16 networks are computed in float16 by the references where no kernel does, slowly; for tests of plans.</summary>
    internal bool HalfByReference { get; init; }

    /// <summary>The CUDA driver of engine cuda; null takes the machine's. For tests.</summary>
    internal CudaCalls? Cuda { get; init; }

    /// <summary>
    /// Kernel tier by name (<c>scalar</c>, <c>avx2</c>, ...); null takes the environment variable <c>RESNETEDGE_ISA</c>, else the best.
    /// </summary>
    public string? Isa { get; init; }

    /// <summary>
    /// Execution provider of engine <c>onnxruntime</c> that runs the whole model: <c>cuda</c> or <c>tensorrt</c>, whose libraries must be beside ONNX
    /// Runtime's; null for the CPU. What the provider cannot run is refused by name, never run elsewhere.
    /// </summary>
    public string? Provider { get; init; }

    /// <summary>Options of the provider, as ONNX Runtime documents them, such as <c>device_id</c> or <c>trt_engine_cache_path</c>.</summary>
    public IReadOnlyDictionary<string, string> ProviderOptions { get; init; } = new Dictionary<string, string>();
}
