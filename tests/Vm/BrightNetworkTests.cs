using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Vm;

public class BrightNetworkTests
{
    private const string Committed = "tests/Vm/bright.onnx";

    [Theory]
    [InlineData(1f, "bright")]
    [InlineData(0f, "dark")]
    public void It_says_what_it_sees(float value, string label)
    {
        using var session = Session.Create(BrightNetwork.Make());
        var (input, output) = (new float[session.Inputs[0].Shape.ElementCount], new float[BrightNetwork.Labels.Count]);
        Array.Fill(input, value);
        session.Run(input, output);
        Assert.Equal(label == "bright" ? 6 : -6, output[1], 1e-4);
        Assert.Equal(-output[1], output[0], 1e-4);
    }

    /// <summary>The bench packs the committed file; a change of the network or of the writer shows here.</summary>
    [Fact]
    public void The_committed_file_is_this_network()
    {
        byte[] made = BrightNetwork.ToBytes();
        string copy = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Committed));
        File.WriteAllBytes(copy, made);
        Assert.True(
            made.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(House.Root, Committed))),
            $"{Committed} is another network; the right one is {copy}");
    }

    /// <summary>Every scenario says in its first comment what it shows, and the bench's table of contents lists it.</summary>
    [Fact]
    public void Every_scenario_is_in_the_readme()
    {
        string readme = House.OnDisk.Files["tests/Vm/README.md"];
        var scenarios = House.OnDisk.Files.Where(f => f.Key.StartsWith("tests/Vm/guest/scenarios/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(scenarios);
        Assert.All(scenarios, scenario =>
        {
            Assert.StartsWith("# ", scenario.Value, StringComparison.Ordinal);
            Assert.Contains($"`{Path.GetFileNameWithoutExtension(scenario.Key)}`", readme, StringComparison.Ordinal);
        });
    }
}
