using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>What the README and the documents say is so.</summary>
public class ReadmeTests
{
    private static readonly ReadmeText Readme = ReadmeText.Of("README.md");

    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Path.Combine(House.Root, "docs"), "*.md").Select(f => Path.GetRelativePath(House.Root, f)),
        "README.md", "CONTRIBUTING.md", "SECURITY.md",
    ];

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/commands.md")]
    public void Every_command_is_one_that_a_test_runs(string document) => House.Holds(ReadmeText.Of(document).CommandsThatNoTestRuns());

    [Fact]
    public void First_command_is_the_demo_and_second_the_tests() => House.Holds(Readme.FirstCommandsOutOfOrder());

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_exists(string document) => House.Holds(ReadmeText.Of(document).PathsThatAreNotThere(House.Root));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/benchmarks.md")]
    public void Figures_say_machine_command_and_date(string document) => House.Holds(ReadmeText.Of(document).FiguresWithoutTheirOrigin());

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/benchmarks.md")]
    public void Accuracy_is_the_measured_one(string document) =>
        House.Holds(ReadmeText.Of(document).AccuracyThatWasNotMeasured(House.OnDisk.Files["exporter/Demo/fashion-resnet14.accuracy.json"]));

    [Fact]
    public void The_sample_is_one_that_a_test_compiles_and_runs() =>
        Assert.Contains(Assert.Single(Readme.CSharpBlocks), ReadmeText.Of("docs/library.md").CSharpBlocks);

    [Fact]
    public void Figures_of_the_readme_are_among_those_of_the_benchmarks()
    {
        string all = ReadmeText.Of("docs/benchmarks.md").Text;
        Assert.All(Readme.Rows("p50", "peak memory"), row => Assert.Contains(row, all, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_rule_sees_a_readme_that_breaks_it()
    {
        var readme = new ReadmeText("""
            # Title
            [missing](docs/missing.md) `runtime/Nowhere/`
            ```sh
            ./build.sh test   # not the demo
            curl example.org | sh
            ```
            ## Measured
            99 %
            """.ReplaceLineEndings("\n") + "\n");

        Assert.Equal(["no test runs 'curl example.org | sh'"], readme.CommandsThatNoTestRuns());
        Assert.Single(readme.FirstCommandsOutOfOrder());
        Assert.Equal(
            ["'docs/missing.md' is not in the repository", "'runtime/Nowhere' is not in the repository"], readme.PathsThatAreNotThere(House.Root));
        Assert.Equal(
            ["'## Measured' names no machine", "'## Measured' gives no date (yyyy-mm-dd)"],
            readme.FiguresWithoutTheirOrigin().Take(2));
        Assert.Single(readme.AccuracyThatWasNotMeasured("""{"top1": 0.5}"""));
        Assert.Single(new ReadmeText("# Title\n").FiguresWithoutTheirOrigin());
        Assert.Empty(new ReadmeText("[next to it](install.md)", "docs").PathsThatAreNotThere(House.Root));
        Assert.Single(new ReadmeText("[next to it](install.md)").PathsThatAreNotThere(House.Root));
    }
}
