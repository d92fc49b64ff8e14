using ResNetEdge.Pixels;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

public class PictureFolderTests
{
    [Fact]
    public void Pictures_of_a_plain_folder_come_in_ordinal_order_without_labels()
    {
        using var folder = With("b.png", "B.png", "a10.png", "a2.png", ".hidden", "labels.txt", "LICENSE.data", "notes.md");
        Assert.Equal(["B.png", "a10.png", "a2.png", "b.png"], PictureFolder.List(folder.Path).Select(p => Path.GetFileName(p.Path)));
        Assert.All(PictureFolder.List(folder.Path), p => Assert.Null(p.Label));
    }

    [Fact]
    public void Class_folders_give_their_names_as_labels()
    {
        using var folder = With("dog/1.png", "cat/2.png", "cat/1.png", "README.md", ".git/x");
        Assert.Equal(
            [new(folder["cat/1.png"], "cat"), new(folder["cat/2.png"], "cat"), new(folder["dog/1.png"], "dog")], PictureFolder.List(folder.Path));
    }

    [Fact]
    public void Links_count_as_what_they_point_to()
    {
        using var folder = With("cat/1.png");
        _ = Directory.CreateSymbolicLink(folder["kitten"], folder["cat"]);
        Assert.Equal(["cat", "kitten"], PictureFolder.List(folder.Path).Select(p => p.Label));
    }

    [Fact]
    public void A_loop_of_links_is_refused()
    {
        using var folder = With("cat/1.png");
        _ = Directory.CreateSymbolicLink(folder["loop"], folder.Path);
        AssertRefused(folder.Path, "a folder inside a class folder");
    }

    [Fact]
    public void Deeper_mixed_empty_and_missing_folders_are_refused()
    {
        using TempFolder deeper = With("cat/tabby/1.png");
        AssertRefused(deeper.Path, "tabby");
        using TempFolder mixed = With("cat/1.png", "2.png");
        AssertRefused(mixed.Path, "2.png");
        using TempFolder empty = With("labels.txt");
        AssertRefused(empty.Path, "no picture");
        AssertRefused(empty["missing"], "cannot be listed");
    }

    private static TempFolder With(params string[] files)
    {
        var folder = new TempFolder();
        foreach (string file in files)
        {
            _ = folder.Write(file, []);
        }

        return folder;
    }

    private static void AssertRefused(string path, string because)
    {
        EdgeException refusal = Assert.Throws<EdgeException>(() => PictureFolder.List(path));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }
}
