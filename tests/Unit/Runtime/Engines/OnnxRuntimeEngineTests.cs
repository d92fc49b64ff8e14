using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

public class OnnxRuntimeEngineTests
{
    private const int Float32 = (int)ElementType.Float32, Int64 = (int)ElementType.Int64;

    private static readonly EngineOptions OneThread = new();

    [SkippableFact]
    public void Runs_a_network()
    {
        using var engine = Load(new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, 1, 4).Output("y", Float32, 1, 4));
        engine.SetInput<float>(0, [-1, 2, -3, 4]);
        engine.Run();
        var y = new float[4];
        engine.GetOutput<float>(0, y);
        Assert.Equal([0, 2, 0, 4], y);
    }

    [SkippableFact]
    public void A_free_batch_becomes_1_and_the_output_shape_is_found_by_a_run()
    {
        using var engine =
            Load(new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, TinyOnnx.Free, 3).Output("y", Float32, TinyOnnx.Free, 3));
        Assert.Equal(new TensorInfo("x", ElementType.Float32, new Shape(1, 3)), engine.Inputs.Single());
        Assert.Equal(new TensorInfo("y", ElementType.Float32, new Shape(1, 3)), engine.Outputs.Single());
    }

    [SkippableFact]
    public void A_free_dimension_other_than_the_batch_is_bad_input()
    {
        var e = Refused(new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, 1, TinyOnnx.Free).Output("y", Float32, 1, TinyOnnx.Free));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("input 'x' has the dynamic dimension 1 ('free')", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Several_inputs_and_outputs_of_other_types_keep_their_order()
    {
        using var engine = Load(new TinyOnnx()
            .Node("Add", ["a", "b"], ["sum"]).Node("Less", ["a", "b"], ["less"])
            .Input("a", Int64, 2).Input("b", Int64, 2).Output("sum", Int64, 2).Output("less", (int)ElementType.Bool, 2));
        engine.SetInput<long>(0, [1L << 40, 5]);
        engine.SetInput<long>(1, [1, 7]);
        engine.Run();
        var (sum, less) = (new long[2], new bool[2]);
        engine.GetOutput<long>(0, sum);
        engine.GetOutput<bool>(1, less);
        Assert.Equal([(1L << 40) + 1, 12], sum);
        Assert.Equal([false, true], less);
    }

    [SkippableFact]
    public unsafe void A_picture_is_written_channel_by_channel()
    {
        using var engine = Load(new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, 2, 3, 4, 5).Output("y", Float32, 2, 3, 4, 5));
        var picture = engine.ImageInput(0, image: 1);
        *(float*)(picture.Data + 2 * picture.ChannelStride + 3 * picture.RowStride + 4 * picture.PixelStride) = 7;
        engine.Run();
        var y = new float[2 * 3 * 4 * 5];
        engine.GetOutput<float>(0, y);
        Assert.Equal((3, 4, 5), (picture.Channels, picture.Height, picture.Width));
        Assert.Equal(7, y[^1]);
        Assert.Equal(7, y.Sum());
    }

    [SkippableFact]
    public void A_wrong_type_or_count_is_told()
    {
        using var engine = Load(new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, 1, 4).Output("y", Float32, 1, 4));
        Assert.Throws<ArgumentException>(() => engine.SetInput<float>(0, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => engine.GetOutput<int>(0, new int[4]));
        Assert.Throws<EdgeException>(() => engine.ImageInput(0));
    }

    [SkippableFact]
    public void A_run_allocates_no_managed_memory()
    {
        using var engine = Load(new TinyOnnx().Node("Relu", ["x"], ["y"]).Input("x", Float32, 1, 4).Output("y", Float32, 1, 4));
        float[] x = [1, 2, 3, 4], y = new float[4];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            engine.SetInput<float>(0, x);
            engine.Run();
            engine.GetOutput<float>(0, y);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [SkippableFact]
    public void Junk_and_unknown_operators_are_bad_input_with_the_library_s_words()
    {
        OnnxRuntimeHere.OrSkip();
        var junk = Assert.Throws<EdgeException>(() => new OnnxRuntimeEngine(Source([1, 2, 3, 4, 5]), OneThread));
        Assert.Equal(FailureKind.BadInput, junk.Kind);
        var unknown = Refused(new TinyOnnx().Node("Frobnicate", ["x"], ["y"]).Input("x", Float32, 1).Output("y", Float32, 1));
        Assert.Equal(FailureKind.BadInput, unknown.Kind);
        Assert.Contains("Frobnicate", unknown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', unknown.Message);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("failed:/onnxruntime_src/a/b.cc:187 T::F(int (*)(x), y&) no graph.", "failed: no graph.")]
    [InlineData("/onnxruntime_src/a.cc:1 no signature", "/onnxruntime_src/a.cc:1 no signature")]
    [InlineData("/onnxruntime_src/a.cc:1 cut off (in (it)", "")]
    public void The_library_s_source_places_are_left_out(string message, string expected) =>
        Assert.Equal(expected, OnnxRuntimeApi.WithoutSourcePlace(message));

    [SkippableFact]
    public void A_kernel_tier_cannot_be_forced_on_it()
    {
        OnnxRuntimeHere.OrSkip();
        var e = Assert.Throws<EdgeException>(() => new OnnxRuntimeEngine(Source([]), new EngineOptions { Isa = "avx2" }));
        Assert.Equal(FailureKind.Unavailable, e.Kind);
    }

    private static OnnxRuntimeEngine Load(TinyOnnx model)
    {
        OnnxRuntimeHere.OrSkip();
        return new OnnxRuntimeEngine(Source(model.ToBytes()), OneThread);
    }

    private static EdgeException Refused(TinyOnnx model)
    {
        OnnxRuntimeHere.OrSkip();
        return Assert.Throws<EdgeException>(() => new OnnxRuntimeEngine(Source(model.ToBytes()), OneThread));
    }

    private static ModelSource Source(byte[] bytes) =>
        new("tiny.onnx", path: null, () => bytes, _ => throw new InvalidOperationException("this engine needs no graph"));
}
