namespace ResNetEdge.Preprocess;

/// <summary>
/// The two inner loops of a resize. <see cref="ResizeReference"/> is the definition; every other
/// equals it bit for bit. <see cref="ResizeKernels"/> lists them.
/// </summary>
internal abstract unsafe class ResizeKernel
{
    /// <summary>Resizes one row along x: into[i][c] = clamp((half + Σ weight[i][k] · row[First[i] + k][c]) >> 22, 255).</summary>
    /// <param name="row">[pixels][channels]; readable up to 32 bytes over the end.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="weights">Of the outputs wanted.</param>
    /// <param name="length">Number of outputs.</param>
    /// <param name="into">[length][channels]; writable up to 32 bytes over the end.</param>
    public abstract void ResizeRow(byte* row, int channels, ResizeWeights weights, int length, byte* into);

    /// <summary>One row's part in a resize along y: sums[i] += weight · row[i].</summary>
    /// <param name="row">[count]; readable up to 32 bytes over the end.</param>
    /// <param name="count">Bytes of the row.</param>
    /// <param name="weight">0 to 2²² and a little.</param>
    /// <param name="sums">[count]; writable up to 32 elements over the end. Stay below 2³¹.</param>
    public abstract void AddRow(byte* row, int count, int weight, int* sums);
}
