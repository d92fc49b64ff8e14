using ResNetEdge.Exporter.Checkpoints;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>Files cut and files with bits flipped: read or refused with exit 3, in bounded memory, never another exception.</summary>
public class DamageTests
{
    private const int Mutations = 1_000;
    private const int Cuts = 50;

    // A dict of limits: text 64 MiB, copies 64 MiB, and what the file itself holds; a mutation of a small file comes nowhere near.
    private const long MaxAllocatedBytes = 160L << 20;

    public static TheoryData<string> Formats => new(CheckpointFiles.Formats);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_checkpoint_cut_at_any_length_is_refused(string format)
    {
        byte[] whole = CheckpointFiles.Sample(format);
        for (int length = 0; length < whole.Length; length++) CheckpointFiles.Refusal(whole[..length]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_larger_checkpoint_cut_at_random_lengths_is_refused(string format)
    {
        byte[] whole = Large(format);
        Assert.NotEmpty(CheckpointFiles.Read(whole).Names);
        var random = new Random(20);
        for (int i = 0; i < Cuts; i++) CheckpointFiles.Refusal(whole[..random.Next(whole.Length)]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Flipped_bits_are_read_or_refused(string format)
    {
        byte[] whole = CheckpointFiles.Sample(format);
        int refused = 0;
        for (int seed = 0; seed < Mutations; seed++)
        {
            var random = new Random(seed);
            byte[] file = (byte[])whole.Clone();
            for (int flips = random.Next(1, 6); flips > 0; flips--) file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(8) == 0) file[random.Next(file.Length)] = (byte)random.Next(256);

            long before = GC.GetAllocatedBytesForCurrentThread();
            var e = Record.Exception(() => CheckpointFormats.Read("test.pth", new MemoryStream(file)));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(e is null or EdgeException { Kind: FailureKind.BadInput }, $"{format}, seed {seed}: {e}");
            Assert.True(allocated < MaxAllocatedBytes, $"{format}, seed {seed}: {allocated} bytes allocated");
            if (e is not null) refused++;
        }

        Assert.InRange(refused, 1, Mutations - 1);
    }

    private static byte[] Large(string format)
    {
        var data = CheckpointFiles.Floats([.. Enumerable.Range(0, 5_000).Select(static i => i / 7f)]);
        if (format == "safetensors") return CheckpointFiles.Safetensors("""{"w":{"dtype":"F32","shape":[50,100],"data_offsets":[0,20000]}}""", data);
        byte[] pickle = new PickleWriter().Protocol(2).Op('}').Text("w")
            .Tensor("FloatStorage", "0", 5_000, 0, [50, 100], [100, 1], format == "legacy").Op('s').Stop().ToArray();
        return CheckpointFiles.Torch(format, pickle, ("0", data, 4));
    }
}
