using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Estimates;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Estimates;

/// <summary>The time model beside sums made by hand.</summary>
public class GpuEstimateTests
{
    private const double ResNet18Macs = 1.814e9, ResNet18Weights = 11.7e6;

    private static readonly Lazy<Graph> ResNet18 = new(() => SeededNetworks.Int8("resnet18"));

    /// <summary>
    /// 3×3 of 64 channels on 56×56: 49 tiles on 8 multiprocessors are 7 turns of 64·64·576 products, at 8·1.02e9·2048/2 a second; and a launch of
    /// 2 µs and 1,500 clocks.
    /// </summary>
    [Fact]
    public void A_layer_takes_its_whole_tiles_and_a_launch()
    {
        var layer = GpuEstimate.Of(ResNet18.Value, GpuBoard.Find("orin-nano")).First(step => step.Macs == 56 * 56 * 64 * 576);
        Assert.Equal("ConvInt8CudaMatrix", layer.Kernel);
        Assert.Equal(7 * 8 * 64 * 64 * 576 / (8 * 1.02e6 * 2048 / 2) + 0.002 + 1500 / 1.02e6, layer.Ms, 1e-9);
        Assert.Equal(56 * 56 * 64 * 576 / (8 * 1.02e6 * 2048), layer.ComputeFloorMs, 1e-9);
        Assert.Equal(layer.Bytes / 102e6, layer.MemoryFloorMs, 1e-9);
        Assert.InRange(layer.Bytes, 2 * 56 * 56 * 64 + 64 * 576, 3 * 56 * 56 * 64 + 64 * 576);
    }

    /// <summary>
    /// 1 row of 1,000 sums of 512: half a million bytes of weights at three quarters of the memory's rate take longer than the products.
    /// </summary>
    [Fact]
    public void The_last_layer_waits_for_its_weights()
    {
        var layer = GpuEstimate.Of(ResNet18.Value, GpuBoard.Find("agx-orin")).Last(step => step.Macs == 512_000);
        Assert.InRange(layer.Bytes, 512_000, 520_000);
        Assert.True(layer.MemoryFloorMs > layer.ComputeFloorMs);
        Assert.True(layer.Ms > layer.LaunchMs + layer.MemoryFloorMs, $"{layer}");
    }

    [Fact]
    public void Every_board_stays_above_its_floors_and_in_order()
    {
        var times = new List<double>();
        foreach (var board in GpuBoard.All)
        {
            var steps = GpuEstimate.Of(ResNet18.Value, board);
            Assert.All(steps, step => Assert.True(step.Ms >= Math.Max(step.ComputeFloorMs, step.MemoryFloorMs) + step.LaunchMs, $"{step}"));
            Assert.InRange(steps.Sum(step => step.Macs), ResNet18Macs * 0.99, ResNet18Macs * 1.01);
            Assert.InRange(steps.Sum(step => step.Bytes), ResNet18Weights, 3 * ResNet18Weights);
            times.Add(steps.Sum(step => step.Ms));
        }

        // Orin Nano Super, Orin NX, AGX Orin, Xavier.
        Assert.True(times[2] < times[0] && times[0] < times[1] && times[1] < times[3], string.Join(", ", times));
    }

    [Fact]
    public void A_board_that_is_not_in_the_table_is_named_with_those_that_are()
    {
        var e = Assert.Throws<EdgeException>(() => GpuBoard.Find("nano"));
        Assert.Equal(FailureKind.Usage, e.Kind);
        Assert.Equal("unknown device 'nano'; known: orin-nano, orin-nx, agx-orin, xavier", e.Message);
    }
}
