using System.Text;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Runtime.Onnx;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

public class NpyTests
{
    [Fact]
    public void What_is_written_is_read_back_equal()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var tensor = RandomGraphs.RandomTensor(new Random(seed));
            if (tensor.Type == ElementType.BFloat16) continue;
            var read = Npy.Read(Write(tensor), "t");
            Assert.Equal((tensor.Type, tensor.Shape), (read.Type, read.Shape));
            Assert.True(tensor.Bytes.Span.SequenceEqual(read.Bytes.Span));
        }
    }

    [Fact]
    public void The_header_is_numpys()
    {
        byte[] file = Write(Tensor.From<float>(new Shape(2, 3), new float[6]));
        Assert.Equal(128 + 24, file.Length);
        Assert.Equal(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + new string(' ', 58) + "\n", Encoding.ASCII.GetString(file, 10, 118));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{\"shape\":(1),\"descr\":\"<f4\",\"fortran_order\":False}\n")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }   ")]
    public void Other_spellings_are_read(string header) => Assert.Equal(1, Npy.Read(File(header, 4), "t").Shape.ElementCount);

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "'>f4' is not supported")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O' is not supported")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "Fortran order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "malformed")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }", "impossible")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "malformed")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "needs 8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "malformed")]
    [InlineData("{'descr': '<f4', 'shape': (1,), 'fortran_order': __import__('os'), }", "malformed")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "unknown key 'x'")]
    [InlineData("", "malformed")]
    [InlineData("{", "malformed")]
    public void Other_headers_are_refused(string header, string expected)
    {
        var e = Assert.Throws<EdgeException>(() => Npy.Read(File(header, 4), "t"));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        byte[] valid = Write(Tensor.From<float>(new Shape(2, 3), new float[6]));
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = random.Next(2) == 0 ? valid[..random.Next(valid.Length)] : [.. valid];
            if (damaged.Length > 0) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Npy.Read(damaged, "t");
            }
            catch (EdgeException e)
            {
                Assert.Equal(FailureKind.BadInput, e.Kind);
            }
        }
    }

    [SkippableFact]
    public void Numpy_reads_what_we_write_and_we_read_what_numpy_writes()
    {
        using var sample = new SamplePackage();
        string ours = Path.Combine(sample.Folder, "ours.npy");
        AtomicFile.Write(ours, stream => Npy.Write(stream, Tensor.From<long>(new Shape(2, 2), [1, -2, 3, 4])));
        string output = Debian.Python(
            sample.Folder,
            """
            import numpy as np
            print(np.load('ours.npy').tolist(), np.load('ours.npy').dtype)
            np.save('theirs.npy', np.array([[1.5, -2.0]], dtype=np.float32))
            np.savez('stored.npz', x=np.arange(6, dtype=np.int32).reshape(2, 3), state=np.zeros((1, 2), dtype=np.float32))
            np.savez_compressed('deflated.npz', x=np.arange(600, dtype=np.int64), flag=np.array([True, False]))
            """);
        Assert.Equal("[[1, -2], [3, 4]] int64", output.Trim());
        Assert.Equal([1.5f, -2], Npy.Read(Path.Combine(sample.Folder, "theirs.npy")).As<float>());
        var stored = Npz.Read(Path.Combine(sample.Folder, "stored.npz"));
        Assert.Equal(["state", "x"], stored.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new Shape(2, 3), stored["x"].Shape);
        var deflated = Npz.Read(Path.Combine(sample.Folder, "deflated.npz"));
        Assert.Equal(599, deflated["x"].As<long>()[599]);
        Assert.Equal([true, false], deflated["flag"].As<bool>());
    }

    private static byte[] Write(Tensor tensor)
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, tensor);
        return stream.ToArray();
    }

    private static byte[] File(string header, int dataBytes) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[dataBytes]];
}
