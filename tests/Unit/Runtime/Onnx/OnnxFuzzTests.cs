using ResNetEdge.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

public class OnnxFuzzTests
{
    private const long MaxAllocatedBytes = 64 << 20; // the files have a few KiB

    private static readonly byte[] Valid = OnnxRoundTripTests.Write(RandomGraphs.Make(17));

    [Fact]
    public void Every_truncation_loads_or_is_bad_input()
    {
        for (int length = 0; length < Valid.Length; length++) LoadsOrIsBadInput(Valid[..length], $"first {length} bytes");
    }

    [Fact]
    public void Flipped_bits_load_or_are_bad_input()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. Valid];
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            LoadsOrIsBadInput(damaged, $"seed {seed}");
        }
    }

    [Fact]
    public void Noise_is_bad_input()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            byte[] noise = new byte[seed];
            new Random(seed).NextBytes(noise);
            Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => OnnxReader.Read(noise, $"noise {seed}")).Kind);
        }
    }

    private static void LoadsOrIsBadInput(byte[] bytes, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            OnnxReader.Read(bytes, what);
        }
        catch (EdgeException e)
        {
            Assert.Equal(FailureKind.BadInput, e.Kind);
            Assert.StartsWith(what + ": ", e.Message, StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
    }
}
