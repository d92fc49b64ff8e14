using ResNetEdge.Model;

namespace ResNetEdge.Estimates;

/// <summary>A board with an NVIDIA GPU, as its maker describes it.</summary>
/// <param name="Name">For the command line: <c>orin-nano</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Processor">Compute capability times ten: 87 for sm_87.</param>
/// <param name="Multiprocessors">Streaming multiprocessors.</param>
/// <param name="ClockGHz">Of the GPU in the board's fastest power mode.</param>
/// <param name="BandwidthGBps">Of the memory, which the CPU shares.</param>
/// <param name="TensorInt8">Multiply-accumulates of int8 in a clock of one multiprocessor's tensor cores, dense.</param>
/// <param name="TensorHalf">The same of float16.</param>
/// <param name="Single">Multiply-accumulates of float32 in a clock of one multiprocessor.</param>
/// <param name="TensorRtResNet50Ms">What others have published for ResNet-50 in int8 by TensorRT, one picture at a time; milliseconds.</param>
internal sealed record GpuBoard(
    string Name, string Title, int Processor, int Multiprocessors, double ClockGHz, double BandwidthGBps, int TensorInt8, int TensorHalf, int Single,
    double TensorRtResNet50Ms)
{
    /// <summary>
    /// TensorRT's figures: onnxsim (trtexec 10.3, MAXN_SUPER, without transfers) for the Orin Nano; MLPerf Inference v3.0, v3.1 and v1.1 (single
    /// stream, median) for the others.
    /// </summary>
    public static IReadOnlyList<GpuBoard> All { get; } =
    [
        new("orin-nano", "Jetson Orin Nano Super 8 GB", 87, 8, 1.02, 102, 2048, 1024, 128, 1.19),
        new("orin-nx", "Jetson Orin NX 16 GB", 87, 8, 0.918, 102, 2048, 1024, 128, 1.085),
        new("agx-orin", "Jetson AGX Orin 64 GB", 87, 16, 1.3, 205, 2048, 1024, 128, 0.636),
        new("xavier", "Jetson AGX Xavier", 72, 8, 1.377, 137, 1024, 512, 64, 1.82),
    ];

    /// <summary>The board of a name.</summary>
    /// <exception cref="EdgeException">Exit 2: none has that name.</exception>
    public static GpuBoard Find(string name) => All.FirstOrDefault(board => board.Name == name)
        ?? throw new EdgeException(FailureKind.Usage, $"unknown device '{name}'; known: {string.Join(", ", All.Select(board => board.Name))}");
}
