using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Onnx;
using Xunit.Sdk;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

/// <summary>The check of every package that a test writes does find what is wrong.</summary>
public class WrittenPackagesTests
{
    [Fact]
    public void Whole_packages_are_checked_and_damaged_ones_are_passed_over()
    {
        using var folder = new TempFolder();
        PackageWriter.Write(folder["whole"], SamplePackage.Content());
        PackageWriter.Write(folder["whole.zip"], SamplePackage.Content());
        PackageWriter.Write(folder["damaged"], SamplePackage.Content());
        File.AppendAllText(Path.Combine(folder["damaged"], PackageFiles.Model), "x");
        Assert.Equal(2, WrittenPackages.Check(folder.Path));
    }

    [SkippableFact]
    public void Syntax_of_a_later_operator_set_is_found()
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 2)));
        graph.Add("axes", Tensor.Vector<long>(1));
        graph.Add(new Node("ReduceMean", "mean", ["x", "axes"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 1)));
        Assert.Contains(
            "ONNX Runtime does not load it",
            Assert.Throws<TrueException>(() => WrittenPackages.CheckModel("it", OnnxRoundTripTests.Write(graph))).Message, StringComparison.Ordinal);
        var refused = Assert.Throws<EdgeException>(
            () => PackageWriter.Write(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), SamplePackage.Content() with { Model = graph }));
        Assert.Contains("ReduceMean 'mean': 2 inputs where 1 is expected in operator set 17", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ONNXs_checker_finds_what_ONNX_Runtime_lets_pass()
    {
        Skip.If(OnnxChecker.Missing is not null, OnnxChecker.Missing);
        using var folder = new TempFolder();
        var graph = new Graph { Name = " " };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 2)));
        graph.Add(new Node("Relu", "relu", ["x"], ["y"]).With("foo", 1L));
        graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 2)));
        Assert.Contains("foo", OnnxChecker.Check(folder.Write("m.onnx", OnnxRoundTripTests.Write(graph))), StringComparison.Ordinal);
    }
}
