using ResNetEdge.Service.Model;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Model;

/// <summary>A service does not go back to a lower model version unless it is told to.</summary>
public class ModelVersionGuardTests
{
    [Fact]
    public void A_lower_version_than_ran_is_refused_also_after_a_restart()
    {
        using var folder = new TempFolder();
        var guard = ModelVersionGuard.Open(folder.Path);
        Assert.Equal(0, guard.Highest);
        guard.Check("p", null, allowsDowngrade: false);
        guard.Check("p", 7, allowsDowngrade: false);
        Assert.False(File.Exists(Path.Combine(folder.Path, ModelVersionGuard.FileName)));
        guard.Ran(7);

        guard = ModelVersionGuard.Open(folder.Path);
        Assert.Equal(7, guard.Highest);
        guard.Check("p", 7, allowsDowngrade: false);
        guard.Check("p", 8, allowsDowngrade: false);
        Assert.Contains("p: is model version 6, but version 7 has already run here", Refused(() => guard.Check("p", 6, allowsDowngrade: false)),
            StringComparison.Ordinal);
        Assert.Contains("has no model version", Refused(() => guard.Check("p", null, allowsDowngrade: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_downgrade_that_is_allowed_stays_allowed_for_that_version()
    {
        using var folder = new TempFolder();
        var guard = ModelVersionGuard.Open(folder.Path);
        guard.Ran(7);
        guard.Check("p", 5, allowsDowngrade: true);
        guard.Ran(5);
        guard = ModelVersionGuard.Open(folder.Path);
        guard.Check("p", 5, allowsDowngrade: false);
        Refused(() => guard.Check("p", 4, allowsDowngrade: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"highest_model_version":-1}""")]
    [InlineData("""{"highest_model_version":9007199254740992}""")]
    [InlineData("""{"highest_model_version":1e99}""")]
    [InlineData("""{"highest_model_version":"7"}""")]
    [InlineData("""{"highest_model_version":7""")]
    public void A_record_that_cannot_be_used_is_no_way_back(string json)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, ModelVersionGuard.FileName);
        File.WriteAllText(path, json);
        var e = Assert.Throws<EdgeException>(() => ModelVersionGuard.Open(folder.Path));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        File.WriteAllText(path, new string(' ', 5000));
        Assert.Contains(
            "more than the 4096 bytes", Assert.Throws<EdgeException>(() => ModelVersionGuard.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_state_cannot_be_written_that_is_said()
    {
        using var folder = new TempFolder();
        string file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");
        var guard = ModelVersionGuard.Open(file);
        Assert.Equal(FailureKind.Unavailable, Assert.Throws<EdgeException>(() => guard.Ran(1)).Kind);
        Assert.Equal(0, guard.Highest);
    }

    private static string Refused(Action action)
    {
        var e = Assert.Throws<EdgeException>(action);
        Assert.Equal(FailureKind.Refused, e.Kind);
        return e.Message;
    }
}
