using System.IO.Compression;
using System.Text;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

public class TorchZipReaderTests
{
    private static readonly byte[] Pickle =
        new PickleWriter().Protocol(2).Op('}').Text("w").Tensor("FloatStorage", "0", 2, 0, [2], [1], legacy: false).Op('s').Stop().ToArray();

    private static readonly byte[] Data = CheckpointFiles.Floats(1, 2);

    [Fact]
    public void Files_of_before_byteorder_are_read() =>
        Assert.Equal([1f, 2], CheckpointFiles.Read(CheckpointFiles.Zip(("n/data.pkl", Pickle), ("n/data/0", Data)))["w"]!.ToFloats());

    [Fact]
    public void Big_endian_is_refused() =>
        Refused("byte order 'big'", ("n/data.pkl", Pickle), ("n/byteorder", "big"u8.ToArray()), ("n/data/0", Data));

    [Fact]
    public void Entries_twice_are_refused() => Refused("two entries 'n/data/0'", ("n/data.pkl", Pickle), ("n/data/0", Data), ("n/data/0", Data));

    [Fact]
    public void Two_pickles_or_none_are_refused()
    {
        Refused("2 data.pkl entries", ("n/data.pkl", Pickle), ("m/data.pkl", Pickle));
        Refused("0 data.pkl entries", ("word/document.xml", Pickle));
    }

    [Fact]
    public void A_storage_missing_or_of_another_size_is_refused()
    {
        Refused("no entry 'n/data/0'", ("n/data.pkl", Pickle));
        Refused("4 bytes in the storage '0' where the pickle says 2 elements", ("n/data.pkl", Pickle), ("n/data/0", Data[..4]));
        Refused("12 bytes in the storage '0'", ("n/data.pkl", Pickle), ("n/data/0", [.. Data, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_storage_key_is_a_name_and_never_a_path()
    {
        byte[] pickle = new PickleWriter().Protocol(2).Op('}').Text("w")
            .Tensor("FloatStorage", "../../../etc/passwd", 2, 0, [2], [1], legacy: false).Op('s').Stop().ToArray();
        Refused("no entry 'n/data/../../../etc/passwd'", ("n/data.pkl", pickle));
    }

    [Fact]
    public void Compressed_entries_are_refused_before_they_are_inflated()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var pickle = zip.CreateEntry("n/data.pkl", CompressionLevel.SmallestSize).Open()) pickle.Write(new byte[64 << 20]);
            zip.CreateEntry("n/data/0");
        }

        byte[] bomb = file.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("compressed entry 'n/data.pkl'", CheckpointFiles.Refusal(bomb), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Entries_that_overlap_cannot_outgrow_the_file()
    {
        // 64 storages whose directory records all point at one entry that fills most of the file
        var pickle = new PickleWriter().Protocol(2).Op('}').Op('(');
        for (int i = 0; i < 64; i++) pickle.Text($"w{i}").Tensor("ByteStorage", $"{i:d2}", 100_000, 0, [100_000], [1], legacy: false);
        var entries = Enumerable.Range(0, 64).Select(static i => ($"n/data/{i:d2}", i == 0 ? new byte[100_000] : []))
            .Prepend(("n/data.pkl", pickle.Op('u').Stop().ToArray()));
        byte[] file = CheckpointFiles.Zip([.. entries]);
        RepeatFirstStorage(file);
        Assert.Contains("more than the file has left", CheckpointFiles.Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_in_a_weight_is_seen_by_its_checksum()
    {
        byte[] file = CheckpointFiles.Zip(("n/data.pkl", Pickle), ("n/data/0", Data));
        file[file.AsSpan().IndexOf(Data)] ^= 1;
        Assert.Contains("wrong checksum for 'n/data/0'", CheckpointFiles.Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tar_and_a_bare_pickle_are_told_what_to_do()
    {
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Contains("tar archive", CheckpointFiles.Refusal(tar), StringComparison.Ordinal);
        Assert.Contains("without torch's magic number", CheckpointFiles.Refusal(Pickle), StringComparison.Ordinal);
    }

    private static void Refused(string expected, params (string Name, byte[] Data)[] entries) =>
        Assert.Contains(expected, CheckpointFiles.Refusal(CheckpointFiles.Zip(entries)), StringComparison.Ordinal);

    // Copies size and position of n/data/00 into the directory records of all others.
    private static void RepeatFirstStorage(byte[] file)
    {
        int first = Record(file, "n/data/00");
        for (int i = 1; i < 64; i++)
        {
            int other = Record(file, $"n/data/{i:d2}");
            file.AsSpan(first + 16, 12).CopyTo(file.AsSpan(other + 16));
            file.AsSpan(first + 42, 4).CopyTo(file.AsSpan(other + 42));
        }
    }

    private static int Record(byte[] file, string name) => file.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(name)) - 46;
}
