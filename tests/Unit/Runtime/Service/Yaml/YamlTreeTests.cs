using ResNetEdge.Service.Yaml;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Yaml;

/// <summary>What is read as YAML, what is refused, and that a refusal names the line.</summary>
public class YamlTreeTests
{
    [Theory]
    [InlineData("", "f: is empty")]
    [InlineData("# only a comment\n", "f: is empty")]
    [InlineData("- a\n", "f:1: a configuration must be a mapping")]
    [InlineData("a: 1\nb: 2\na: 3\n", "f:3: 'a' occurs twice, first in line 1")]
    [InlineData("a: &x 1\n", "f:1: anchors and tags")]
    [InlineData("a: 1\nb: *x\n", "f:2: ")]
    [InlineData("a: !!int 1\n", "f:1: anchors and tags")]
    [InlineData("a: 1\n---\nb: 2\n", "f:2: a second document")]
    [InlineData("a: [1, 2\n", "f:")]
    [InlineData("a: [a: ]]\n", "f:1: is not YAML")]
    [InlineData("a:\n\t- b\n", "f:2: is not YAML")]
    [InlineData("? [a]\n: b\n", "f:1: a name must be plain text")]
    public void What_is_no_configuration_is_refused_with_its_line(string text, string begins)
    {
        var refusal = Assert.Throws<EdgeException>(() => YamlTree.Parse(text, "f"));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.StartsWith(begins, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1\nlines: [1, 2\nb: 3\nc:\n  d: 4\n", "the '[' in line 2 is not closed")]
    [InlineData("a: [1, [2, 3]\n", "the '[' in line 1 is not closed")]
    [InlineData("a:\n  - {b: 1, c: 2\nd: 5\n", "the '{' in line 2 is not closed")]
    [InlineData("a: [", "the '[' in line 1 is not closed")]
    public void A_bracket_that_is_never_closed_is_named_with_its_line(string text, string says) =>
        Assert.Contains(says, Assert.Throws<EdgeException>(() => YamlTree.Parse(text, "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        using var folder = new TempFolder();
        var root = YamlTree.Read(folder.Write("marked.yaml", [0xEF, 0xBB, 0xBF, .. "a: 1\n"u8]));
        Assert.Equal("a", Assert.Single(root.Entries).Name);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("FALSE", false)]
    [InlineData("off", false)]
    public void The_core_schemas_words_for_yes_and_no_are_taken(string word, bool expected)
    {
        var value = YamlTree.Parse($"a: {word}\n", "f").Entries[0].Value;
        Assert.Equal(expected, Settings.Bool("a", "", !expected).Read(value, new Place("f", "", [])));
        Assert.Throws<SettingException>(
            () => Settings.Bool("a", "", true).Read(YamlTree.Parse("a: 'True'\n", "f").Entries[0].Value, new Place("f", "", [])));
        Assert.Throws<SettingException>(
            () => Settings.Bool("a", "", true).Read(YamlTree.Parse("a: tRUE\n", "f").Entries[0].Value, new Place("f", "", [])));
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string text = string.Concat(Enumerable.Range(0, 40).Select(i => new string(' ', i) + "a:\n")) + new string(' ', 40) + "b: 1\n";
        Assert.Contains("nested deeper", Assert.Throws<EdgeException>(() => YamlTree.Parse(text, "f")).Message, StringComparison.Ordinal);
        Assert.Throws<EdgeException>(() => YamlTree.Parse("a: " + new string('[', 100_000), "f"));
    }

    [Fact]
    public void Lines_quotes_and_nothing_are_kept_apart()
    {
        var root = YamlTree.Parse("a: 1\n\nb:\n  - 'x'\n  - ~\nc:\n", "f");
        Assert.Equal([("a", 1), ("b", 3), ("c", 6)], root.Entries.Select(e => (e.Name, e.Line)));
        var items = Assert.IsType<YamlSequence>(root.Entries[1].Value).Items.Cast<YamlText>().ToList();
        Assert.Equal([(true, false, 4), (false, true, 5)], items.Select(i => (i.IsQuoted, i.IsNothing, i.Line)));
        Assert.True(Assert.IsType<YamlText>(root.Entries[2].Value).IsNothing);
    }

    [Fact]
    public void A_file_is_bounded_and_has_to_be_text()
    {
        using var folder = new TempFolder();
        Assert.Contains("cannot be read", Refused(folder["none.yaml"]), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused(folder.Path), StringComparison.Ordinal);
        Assert.Contains("larger than", Refused(folder.Write("long.yaml", new byte[YamlTree.MaxBytes + 1])), StringComparison.Ordinal);
        Assert.Contains(
            "latin.yaml: line 2 contains the byte 0xE4, which is not UTF-8", Refused(folder.Write("latin.yaml", [.. "a: 1\nb: "u8, 0xE4])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_bytes_are_there_is_a_tree_or_one_refusal()
    {
        var random = new Random(7);
        const string alphabet = "ab:- \n\t[]{}#&*!|>'\"%@`,?~\\0é";
        for (int i = 0; i < 5000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            try
            {
                Assert.NotNull(YamlTree.Parse(text, "f"));
            }
            catch (EdgeException e)
            {
                Assert.Equal(FailureKind.BadInput, e.Kind);
            }
        }
    }

    private static string Refused(string path) => Assert.Throws<EdgeException>(() => YamlTree.Read(path)).Message;
}
