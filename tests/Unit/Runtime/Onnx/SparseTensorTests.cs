using Google.Protobuf;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Onnx.Proto;
using static ResNetEdge.Onnx.Proto.AttributeProto.Types;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

public class SparseTensorTests
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public void The_zeros_are_filled_in(bool isFlat)
    {
        long[] indices = isFlat ? [1, 3, 5] : [0, 1, 1, 0, 1, 2];
        var read = Read(m => m.Graph.SparseInitializer.Add(Sparse("w", [2, 3], [7, 8, 9], indices, isFlat ? [3] : [3, 2]))).Initializers["w"];
        Assert.Equal(new Shape(2, 3), read.Shape);
        Assert.Equal([0, 7, 0, 8, 0, 9], read.ToFloats());
    }

    [Fact]
    public void A_sparse_Constant_is_read_too()
    {
        var graph = Read(m => m.Graph.Node[0] = new NodeProto
        {
            OpType = "Constant",
            Output = { "a" },
            Attribute =
            {
                new AttributeProto { Name = "sparse_value", Type = AttributeType.SparseTensor, SparseTensor = Sparse("", [4], [5], [2], [1]) },
            },
        });
        Assert.Equal([0, 0, 5, 0], ResNetEdge.Operators.Movement.Constant.Value(graph.Nodes[0]).ToFloats());
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 1 }, new long[] { 2 }, "out of order")]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, new long[] { 2 }, "out of order")]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 6 }, new long[] { 2 }, "outside its shape")]
    [InlineData(new long[] { 2, 3 }, new long[] { -1, 1 }, new long[] { 2 }, "outside its shape")]
    [InlineData(new long[] { 2, 3 }, new long[] { 0, 0, 0, 3 }, new long[] { 2, 2 }, "outside its shape")]
    [InlineData(new long[] { 2, 3 }, new long[] { 1 }, new long[] { 1 }, "sparse values 2 with indices")]
    [InlineData(new long[] { 50_000, 50_000 }, new long[] { 1, 2 }, new long[] { 2 }, "impossible shape")]
    [InlineData(new long[] { 10_000, 10_000 }, new long[] { 1, 2 }, new long[] { 2 }, "256 MiB")]
    public void What_does_not_fit_is_refused(long[] dims, long[] indices, long[] indicesShape, string expected)
    {
        var refused = Assert.Throws<EdgeException>(() => Read(m => m.Graph.SparseInitializer.Add(Sparse("w", dims, [7, 8], indices, indicesShape))));
        Assert.Contains("initializer 'w'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static SparseTensorProto Sparse(string name, long[] dims, float[] values, long[] indices, long[] indicesShape) => new()
    {
        Dims = { dims },
        Values = new TensorProto { Name = name, DataType = 1, Dims = { values.Length }, FloatData = { values } },
        Indices = new TensorProto { DataType = 7, Dims = { indicesShape }, Int64Data = { indices } },
    };

    private static Graph Read(Action<ModelProto> change) => OnnxReader.Read(OnnxReaderTests.Change(change).ToByteArray(), "test.onnx");
}
