namespace ResNetEdge.Preprocess;

/// <summary>The resize, plainly: one multiplication after the other.</summary>
internal sealed unsafe class ResizeReference : ResizeKernel
{
    public override void ResizeRow(byte* row, int channels, ResizeWeights weights, int length, byte* into)
    {
        for (int i = 0; i < length; i++)
        {
            ReadOnlySpan<int> taps = weights.Weights.AsSpan(i * weights.Stride, weights.Count[i]);
            byte* first = row + ((long)weights.First[i] * channels);
            for (int c = 0; c < channels; c++)
            {
                int sum = ResizeWeights.Half;
                for (int k = 0; k < taps.Length; k++)
                {
                    sum += taps[k] * first[(k * channels) + c];
                }

                into[(i * channels) + c] = (byte)Math.Min(sum >> ResizeWeights.Precision, 255);
            }
        }
    }

    public override void AddRow(byte* row, int count, int weight, int* sums)
    {
        for (int i = 0; i < count; i++)
        {
            sums[i] += weight * row[i];
        }
    }
}
