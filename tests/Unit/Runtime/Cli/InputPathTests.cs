using ResNetEdge.Cli.Inputs;

namespace ResNetEdge.Tests.Unit.Runtime.Cli;

public sealed class InputPathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("resnetedge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_becomes_its_pictures_in_ordinal_order_and_what_is_left_out_is_told()
    {
        foreach (string file in new[] { "b/2.png", "b/10.JPG", "a.bmp", "notes.txt", "labels.csv" }) Touch(file);
        var notes = new List<string>();
        var inputs = InputPath.Expand([_folder], notes.Add);
        Assert.Equal(["a", "b_10", "b_2"], inputs.Select(i => i.Name));
        Assert.All(inputs, i => Assert.Equal(InputKind.Picture, i.Kind));
        Assert.StartsWith("2 files", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_are_told_by_the_ending()
    {
        string[] files = [Touch("x.npy"), Touch("y.NPZ"), Touch("z")];
        var inputs = InputPath.Expand(files, Fail);
        Assert.Equal([InputKind.Array, InputKind.Arrays, InputKind.Picture], inputs.Select(i => i.Kind));
        Assert.Equal(["x", "y", "z"], inputs.Select(i => i.Name));
    }

    [Fact]
    public void A_missing_file_and_a_folder_without_pictures_are_bad_input()
    {
        Touch("only.txt");
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => InputPath.Expand([_folder], Fail)).Kind);
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => InputPath.Expand([_folder + "/none.png"], Fail)).Kind);
    }

    [Fact]
    public void Inputs_that_would_write_the_same_files_are_refused()
    {
        var inputs = InputPath.Expand([Touch("a/x.png"), Touch("b/x.png")], Fail);
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => InputPath.CheckNames(inputs)).Kind);
    }

    private static void Fail(string note) => Assert.Fail(note);

    private string Touch(string name)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
