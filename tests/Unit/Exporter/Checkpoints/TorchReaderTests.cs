using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>What both torch formats share: storages and the tensors that view them.</summary>
public class TorchReaderTests
{
    private static readonly byte[] Data = CheckpointFiles.Floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    public static TheoryData<string> TorchFormats => new("legacy", "zip");

    [Theory]
    [MemberData(nameof(TorchFormats))]
    public void The_sample_is_read_with_names_order_and_metadata(string format)
    {
        var weights = CheckpointFiles.Read(CheckpointFiles.Sample(format));
        Assert.Equal(["fc.weight", "fc.bias", "bn.num_batches_tracked"], weights.Names);
        Assert.Equal("torch " + format, weights.Format);
        Assert.Equal([1f, 2, 3, 4, 5, 6], weights["fc.weight"]!.ToFloats());
        Assert.Equal("2x3", weights["fc.weight"]!.Shape.ToString());
        Assert.Equal([7L], weights["bn.num_batches_tracked"]!.ToInt64s());
        Assert.Equal(("12", "state_dict"), (weights.Metadata["epoch"], weights.Metadata["weights_key"]));
    }

    [Theory]
    [MemberData(nameof(TorchFormats))]
    public void Views_of_one_storage_become_contiguous_tensors(string format)
    {
        bool legacy = format == "legacy";
        var weights = Weights(format, p => p
            .Text("whole").Tensor("FloatStorage", "0", 12, 0, [3, 4], [4, 1], legacy)
            .Text("transposed").Tensor("FloatStorage", "0", 12, 0, [4, 3], [1, 4], legacy)
            .Text("row").Tensor("FloatStorage", "0", 12, 4, [4], [1], legacy)
            .Text("column").Tensor("FloatStorage", "0", 12, 3, [3], [4], legacy)
            .Text("every_second").Tensor("FloatStorage", "0", 12, 1, [2, 1, 2], [4, 77, 2], legacy)
            .Text("repeated").Tensor("FloatStorage", "0", 12, 5, [2, 3], [0, 0], legacy)
            .Text("last").Tensor("FloatStorage", "0", 12, 11, [], [], legacy)
            .Text("empty").Tensor("FloatStorage", "0", 12, 12, [0, 5], [5, 1], legacy));
        Assert.Equal([0f, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], weights["transposed"]!.ToFloats());
        Assert.Equal([4f, 5, 6, 7], weights["row"]!.ToFloats());
        Assert.Equal([3f, 7, 11], weights["column"]!.ToFloats());
        Assert.Equal([1f, 3, 5, 7], weights["every_second"]!.ToFloats());
        Assert.Equal([5f, 5, 5, 5, 5, 5], weights["repeated"]!.ToFloats());
        Assert.Equal([11f], weights["last"]!.ToFloats());
        Assert.Empty(weights["empty"]!.ToFloats());
        Assert.True(weights["whole"]!.Bytes.Span[16..].Overlaps(weights["row"]!.Bytes.Span), "contiguous views share the storage's memory");
    }

    [Theory]
    [MemberData(nameof(TorchFormats))]
    public void Int16_is_widened(string format) =>
        Assert.Equal([-2L, 300], Weights(format, p => p.Text("s").Tensor("ShortStorage", "0", 24, 0, [2], [1], format == "legacy"),
            [0xfe, 0xff, 0x2c, 0x01, .. new byte[44]])["s"]!.ToInt64s());

    [Fact]
    public void A_legacy_view_of_a_storage_counts_from_its_own_begin()
    {
        byte[] pickle = new PickleWriter().Protocol(2).Op('}').Text("v").Global("torch._utils", "_rebuild_tensor").Op('(')
            .Op('(').Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(12).Op('(').Text("view").Int(8)
            .Int(4).Op('t').Op('t').Op('Q')
            .Int(1).Tuple(3).Tuple(1).Op('t').Op('R').Op('s').Stop().ToArray();
        Assert.Equal([9f, 10, 11], CheckpointFiles.Read(CheckpointFiles.Legacy(pickle, ("0", Data, 4)))["v"]!.ToFloats());
    }

    [Theory]
    [InlineData(12, 0, new long[] { 13 }, new long[] { 1 }, "reaches element 12")]
    [InlineData(12, 9, new long[] { 4 }, new long[] { 1 }, "reaches element 12")]
    [InlineData(12, 0, new long[] { 4 }, new long[] { 4 }, "reaches element 12")]
    [InlineData(12, -1, new long[] { 4 }, new long[] { 1 }, "begins at element -1")]
    [InlineData(12, 0, new long[] { -1 }, new long[] { 1 }, "the dimension -1")]
    [InlineData(12, 4, new long[] { 2 }, new long[] { -4 }, "the stride -4")]
    [InlineData(12, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "reaches element")]
    [InlineData(12, 0, new long[] { 100_000, 100_000 }, new long[] { 0, 0 }, "more than 2147483647 elements")]
    [InlineData(12, 0, new long[] { 1_000_000_000 }, new long[] { 0 }, "repeats a storage of 12")]
    [InlineData(12, 13, new long[] { 0 }, new long[] { 1 }, "reaches element")]
    [InlineData(12, 0, new long[] { 1, 2 }, new long[] { 1 }, "2 dimensions but 1 strides")]
    [InlineData(12, 0, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, "9 dimensions")]
    [InlineData(1_000_000_000, 0, new long[] { 1_000_000_000 }, new long[] { 1 }, "")]
    [InlineData(-1, 0, new long[] { 0 }, new long[] { 1 }, "-1 elements")]
    [InlineData(long.MaxValue, 0, new long[] { 1 }, new long[] { 1 }, "elements for the storage")]
    public void Claims_beyond_the_storage_are_refused_before_anything_is_allocated(
        long count, long offset, long[] sizes, long[] strides, string expected)
    {
        foreach (string format in (string[])["legacy", "zip"])
        {
            byte[] file = File(format, p => p.Text("w").Tensor("FloatStorage", "0", count, offset, sizes, strides, format == "legacy"), Data);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(expected, CheckpointFiles.Refusal(file), StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    [Theory]
    [MemberData(nameof(TorchFormats))]
    public void Two_claims_about_one_storage_must_agree(string format) =>
        Assert.Contains("two conflicting descriptions", CheckpointFiles.Refusal(File(format, p => p
            .Text("a").Tensor("FloatStorage", "0", 12, 0, [1], [1], format == "legacy")
            .Text("b").Tensor("DoubleStorage", "0", 12, 0, [1], [1], format == "legacy"), Data)), StringComparison.Ordinal);

    [Fact]
    public void A_legacy_storage_that_is_missing_twice_there_or_cut_is_refused()
    {
        byte[] pickle =
            new PickleWriter().Protocol(2).Op('}').Text("w").Tensor("FloatStorage", "0", 12, 0, [12], [1], legacy: true).Op('s').Stop().ToArray();
        Assert.Contains("no data for the storage '0'", CheckpointFiles.Refusal(CheckpointFiles.Legacy(pickle)), StringComparison.Ordinal);
        Assert.Contains("the storage '0' twice", CheckpointFiles.Refusal(CheckpointFiles.Legacy(pickle, ("0", Data, 4), ("0", Data, 4))),
            StringComparison.Ordinal);
        Assert.Contains("no tensor refers to", CheckpointFiles.Refusal(CheckpointFiles.Legacy(pickle, ("1", Data, 4))), StringComparison.Ordinal);
        Assert.Contains(
            "where the pickle says 12", CheckpointFiles.Refusal(CheckpointFiles.Legacy(pickle, ("0", Data[..8], 4))), StringComparison.Ordinal);
    }

    private static StateDict Weights(string format, Action<PickleWriter> entries, byte[]? data = null) =>
        CheckpointFiles.Read(File(format, entries, data ?? Data));

    private static byte[] File(string format, Action<PickleWriter> entries, byte[] data)
    {
        var p = new PickleWriter().Protocol(2).Op('}').Op('(');
        entries(p);
        byte[] pickle = p.Op('u').Stop().ToArray();
        int size = System.Text.Encoding.ASCII.GetString(pickle).Contains("ShortStorage", StringComparison.Ordinal) ? 2 : 4;
        return CheckpointFiles.Torch(format, pickle, ("0", data, size));
    }
}
