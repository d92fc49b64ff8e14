using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class QuantizationPlanTests
{
    [Fact]
    public void What_becomes_u8_is_what_int8_layers_read()
    {
        var plan = new QuantizationPlan(TestGraphs.Residual(), LayerNames.None);
        string[] quantized = [
            "input", "stem.relu.out", "pool.out", "block1.relu1.out", "block1.conv2.out", "block1.relu2.out", "block2.slice.out", "block2.pad.out",
            "block2.relu1.out", "block2.conv2.out", "block2.relu2.out", "gap.out", "flatten.out"];
        string[] floats = ["stem.out", "block1.conv1.out", "block1.add.out", "block2.conv1.out", "block2.add.out", "logits"];
        Assert.All(quantized, value => Assert.True(plan.IsQuantized(value), value));
        Assert.All(floats, value => Assert.False(plan.IsQuantized(value), value));
    }

    [Fact]
    public void Operators_that_move_elements_share_their_inputs_scale()
    {
        var plan = new QuantizationPlan(TestGraphs.Residual(), LayerNames.None);
        Assert.Equal(plan.Root("stem.relu.out"), plan.Root("pool.out"));
        Assert.Equal(plan.Root("block1.relu2.out"), plan.Root("block2.slice.out"));
        Assert.Equal(plan.Root("block1.relu2.out"), plan.Root("block2.pad.out"));
        Assert.Equal(plan.Root("gap.out"), plan.Root("flatten.out"));
        Assert.NotEqual(plan.Root("block2.pad.out"), plan.Root("block2.relu2.out"));
        Assert.NotEqual(plan.Root("block2.relu2.out"), plan.Root("gap.out"));
    }

    [Fact]
    public void Each_group_is_observed_at_its_source_only()
    {
        var plan = new QuantizationPlan(TestGraphs.Residual(), LayerNames.None);
        Assert.Equal(
            ["stem.relu.out", "block1.relu1.out", "block1.conv2.out", "block1.relu2.out", "block2.relu1.out", "block2.conv2.out",
                "block2.relu2.out", "gap.out", "input"],
            plan.Observed);
    }

    [Fact]
    public void A_layer_kept_in_fp32_asks_for_nothing()
    {
        var plan = new QuantizationPlan(TestGraphs.Residual(), new LayerNames(["stem", "fc"]));
        Assert.False(plan.IsQuantized("input"));
        Assert.False(plan.IsQuantized("flatten.out"));
        Assert.False(plan.IsQuantized("gap.out"));
        Assert.True(plan.IsQuantized("stem.relu.out"));
    }

    [Fact]
    public void Concat_joins_the_scales_of_its_inputs()
    {
        var graph = TestGraphs.Residual();
        graph.Nodes.Insert(
            graph.Nodes.FindIndex(n => n.Name == "gap"),
            new Node("Concat", "cat", ["block2.relu2.out", "block2.pad.out"], ["cat.out"]).With("axis", 1L));
        graph.Nodes.Find(n => n.Name == "gap")!.Inputs[0] = "cat.out";
        graph.Initializers["fc.weight"] = Tensor.From<float>(new Shape(10, 32), new float[320]);
        var plan = new QuantizationPlan(graph, LayerNames.None);
        Assert.Equal(plan.Root("block1.relu2.out"), plan.Root("cat.out"));
        Assert.Equal(plan.Root("block2.relu2.out"), plan.Root("cat.out"));
    }

    [Fact]
    public void Padding_with_another_value_than_zero_breaks_the_chain()
    {
        var graph = TestGraphs.Residual();
        graph.Add("pad.value", Tensor.Scalar(5f));
        graph.Nodes.Find(n => n.OpType == "Pad")!.Inputs.Add("pad.value");
        var plan = new QuantizationPlan(graph, LayerNames.None);
        Assert.NotEqual(plan.Root("block1.relu2.out"), plan.Root("block2.pad.out"));
        Assert.Contains("block2.pad.out", plan.Observed);
    }

    [Theory]
    [InlineData("block1.*", "block1.conv2", true)]
    [InlineData("block1.*", "block11", false)]
    [InlineData("block?.conv1", "block2.conv1", true)]
    [InlineData("conv1", "block2.conv1", false)]
    [InlineData("a(b)[c]", "a(b)[c]", true)]
    public void Layer_names_are_globs(string pattern, string name, bool fits) => Assert.Equal(fits, new LayerNames([pattern]).Contains(name));

    [Fact]
    public void A_pattern_that_fits_nothing_is_a_usage_error() =>
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => new LayerNames(["stem", "setm"]).RequireAllUsed(["stem"])).Kind);
}
