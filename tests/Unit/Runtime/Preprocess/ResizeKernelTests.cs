using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

public unsafe class ResizeKernelTests
{
    private const int MostTaps = 400;

    /// <summary>Every kernel that this machine can run.</summary>
    public static TheoryData<string> Kernels => [.. ResizeKernels.All.Select(kernel => kernel.GetType().Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Row_equals_the_reference(string name)
    {
        ResizeKernel kernel = Named(name);
        var random = new Random(21);
        for (int i = 0; i < 600; i++)
        {
            int input = random.Next(1, 300);
            int output = random.Next(1, 300);
            int start = random.Next(output);
            int length = random.Next(1, output - start + 1);
            int channels = random.Next(2) == 0 ? 1 : 3;
            var weights = new ResizeWeights();
            weights.Build(input, output, start, length);
            using NativeBuffer row = Noise(input * channels, random);
            using NativeBuffer expected = Noise(length * channels, random);
            using NativeBuffer got = Noise(length * channels, random);
            new ResizeReference().ResizeRow(row.Data, channels, weights, length, expected.Data);
            kernel.ResizeRow(row.Data, channels, weights, length, got.Data);
            Assert.True(Bytes(expected).SequenceEqual(Bytes(got)), $"{input} to {output}, from {start}, {length} of {channels} channels");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Sum_of_rows_equals_the_reference(string name)
    {
        ResizeKernel kernel = Named(name);
        var random = new Random(22);
        for (int count = 1; count < 200; count++)
        {
            using NativeBuffer row = Noise(count, random);
            int[] expected = new int[count + NativeBuffer.Slack];
            int[] got = new int[count + NativeBuffer.Slack];
            int weight = count % 3 == 0 ? 1 << ResizeWeights.Precision : random.Next(1 << ResizeWeights.Precision);
            fixed (int* reference = expected)
            fixed (int* vector = got)
            {
                new ResizeReference().AddRow(row.Data, count, weight, reference);
                kernel.AddRow(row.Data, count, weight, vector);
            }

            Assert.Equal(expected[..count], got[..count]);
        }
    }

    [Theory]
    [InlineData(32767, 1)]
    [InlineData(1, 4000)]
    [InlineData(500, 341)]
    [InlineData(32767, 32766)]
    [InlineData(7, 7)]
    public void Weights_stay_inside_the_row_and_sum_to_one(int input, int output)
    {
        var weights = new ResizeWeights();
        int length = Math.Min(output, MostTaps);
        weights.Build(input, output, output - length, length);
        for (int i = 0; i < length; i++)
        {
            Assert.InRange(weights.First[i], 0, input - 1);
            Assert.InRange(weights.Count[i], 1, input - weights.First[i]);
            long sum = weights.Weights.AsSpan(i * weights.Stride, weights.Stride).ToArray().Sum(w => (long)w);
            Assert.InRange(sum, (1 << ResizeWeights.Precision) - weights.Count[i], (1 << ResizeWeights.Precision) + weights.Count[i]);
            Assert.True((sum * 255) + ResizeWeights.Half < int.MaxValue);
            Assert.DoesNotContain(weights.Weights.AsSpan(i * weights.Stride, weights.Stride).ToArray(), w => w < 0);
        }
    }

    private static ResizeKernel Named(string name) => ResizeKernels.All.Single(kernel => kernel.GetType().Name == name);

    private static NativeBuffer Noise(int bytes, Random random)
    {
        var buffer = new NativeBuffer();
        _ = buffer.Reserve(bytes);
        random.NextBytes(Bytes(buffer));
        return buffer;
    }

    private static Span<byte> Bytes(NativeBuffer buffer) => new(buffer.Data, (int)buffer.Capacity);
}
