using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>What the README says is so.</summary>
public class ReadmeTests
{
    private static readonly ReadmeText Readme = new(House.OnDisk.Files["README.md"]);

    [Fact]
    public void Every_command_is_one_that_a_test_runs() => House.Holds(Readme.CommandsThatNoTestRuns());

    [Fact]
    public void First_command_is_the_demo_and_second_the_tests() => House.Holds(Readme.FirstCommandsOutOfOrder());

    [Fact]
    public void Every_path_exists() => House.Holds(Readme.PathsThatAreNotThere(House.Root));

    [Fact]
    public void Figures_say_machine_command_and_date() => House.Holds(Readme.FiguresWithoutTheirOrigin());

    [Fact]
    public void Accuracy_is_the_measured_one() =>
        House.Holds(Readme.AccuracyThatWasNotMeasured(House.OnDisk.Files["exporter/Demo/fashion-resnet14.accuracy.json"]));

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
        Assert.Equal(["'docs/missing.md' is not in the repository", "'runtime/Nowhere' is not in the repository"], readme.PathsThatAreNotThere(House.Root));
        Assert.Equal(
            ["'## Measured' names no machine", "'## Measured' gives no date (yyyy-mm-dd)"],
            readme.FiguresWithoutTheirOrigin().Take(2));
        Assert.Single(readme.AccuracyThatWasNotMeasured("""{"top1": 0.5}"""));
        Assert.Single(new ReadmeText("# Title\n").FiguresWithoutTheirOrigin());
    }
}
