using System.Buffers.Binary;
using System.Text;
using ResNetEdge.Exporter.Checkpoints;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>Builds small checkpoint files in memory, in each format, honest or lying.</summary>
internal static class CheckpointFiles
{
    public static readonly string[] Formats = ["legacy", "zip", "safetensors"];

    private static readonly byte[] LegacyMagic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    public static StateDict Read(byte[] file) => CheckpointFormats.Read("test.pth", new MemoryStream(file));

    /// <summary>Reads a file that must be refused, with exit 3 and one printable sentence; returns the sentence.</summary>
    public static string Refusal(byte[] file)
    {
        var e = Assert.Throws<EdgeException>(() => Read(file));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.StartsWith("test.pth", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(e.Message, char.IsControl);
        return e.Message;
    }

    /// <summary>Element bytes of each key follow the pickles, each behind its count.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, byte[] Data, int Size)[] storages)
    {
        var keys = new PickleWriter().Protocol(2).Op(']').Op('(');
        foreach (var s in storages) keys.Text(s.Key);
        var file = new PickleWriter().Raw(LegacyMagic).Protocol(2).Int(1001).Stop()
            .Protocol(2).Op('}').Text("little_endian").Bool(true).Op('s').Stop()
            .Raw(pickle).Raw(keys.Op('e').Stop().ToArray());
        foreach (var s in storages) file.Raw(BitConverter.GetBytes((long)s.Data.Length / s.Size)).Raw(s.Data);
        return file.ToArray();
    }

    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Data, int Size)[] storages) =>
        Zip([("archive/data.pkl", pickle), ("archive/byteorder", "little"u8.ToArray()),
            .. storages.Select(static s => ("archive/data/" + s.Key, s.Data))]);

    /// <summary>A zip of stored entries, names as given, twice if given twice.</summary>
    public static byte[] Zip(params (string Name, byte[] Data)[] entries)
    {
        var (file, directory) = (new MemoryStream(), new MemoryStream());
        foreach (var (name, data) in entries)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            var common = new byte[26]; // version, flags, method, time, date, crc, sizes, name length, extra length
            common[0] = 20;
            BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(10), Crc32(data));
            BinaryPrimitives.WriteInt32LittleEndian(common.AsSpan(14), data.Length);
            BinaryPrimitives.WriteInt32LittleEndian(common.AsSpan(18), data.Length);
            BinaryPrimitives.WriteInt16LittleEndian(common.AsSpan(22), (short)utf8.Length);
            int offset = (int)file.Position;
            file.Write([.. "PK\x3\x4"u8, .. common, .. utf8, .. data]);
            directory.Write([.. "PK\x1\x2"u8, 20, 0, .. common, .. new byte[10], .. BitConverter.GetBytes(offset), .. utf8]);
        }

        byte[] count = BitConverter.GetBytes((short)entries.Length);
        int start = (int)file.Position;
        file.Write([.. directory.ToArray(), .. "PK\x5\x6"u8, 0, 0, 0, 0, .. count, .. count,
            .. BitConverter.GetBytes((int)directory.Length), .. BitConverter.GetBytes(start), 0, 0]);
        return file.ToArray();
    }

    public static byte[] Safetensors(string header, params ReadOnlySpan<byte> data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data];
    }

    /// <summary>The same small state dict in any format: a 2x3 weight, a bias, a counter.</summary>
    public static byte[] Sample(string format)
    {
        byte[] weight = Floats(1, 2, 3, 4, 5, 6), bias = Floats(0.5f, -0.5f), counter = BitConverter.GetBytes(7L);
        if (format == "safetensors")
        {
            return Safetensors("""
                {"__metadata__":{"format":"pt"},"fc.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
                "fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},"bn.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[32,40]}}
                """, [.. weight, .. bias, .. counter]);
        }

        bool legacy = format == "legacy";
        byte[] pickle = new PickleWriter().Protocol(2).Op('}').Op('(')
            .Text("epoch").Int(12)
            .Text("state_dict").Global("collections", "OrderedDict").Op(')').Op('R').Op('(')
            .Text("module.fc.weight").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1], legacy)
            .Text("module.fc.bias").Tensor("FloatStorage", "1", 2, 0, [2], [1], legacy)
            .Text("module.bn.num_batches_tracked").Tensor("LongStorage", "2", 1, 0, [], [], legacy)
            .Op('u').Op('u').Stop().ToArray();
        return Torch(format, pickle, ("0", weight, 4), ("1", bias, 4), ("2", counter, 8));
    }

    public static byte[] Torch(string format, byte[] pickle, params (string Key, byte[] Data, int Size)[] storages) =>
        format == "legacy" ? Legacy(pickle, storages) : Zip(pickle, storages);

    public static byte[] Floats(params ReadOnlySpan<float> values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray();

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB8_8320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
