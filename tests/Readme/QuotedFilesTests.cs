using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>Documents quote the source as it is.</summary>
public class QuotedFilesTests
{
    [Theory]
    [InlineData("docs/adding-a-kernel.md")]
    [InlineData("docs/adding-a-task.md")]
    [InlineData("docs/adding-an-operator.md")]
    [InlineData("docs/adding-an-output.md")]
    public void A_document_quotes_the_source_as_it_is(string document)
    {
        string path = Path.Combine(House.Root, document), text = File.ReadAllText(path), fresh = QuotedFiles.Refreshed(text, Read);
        if (Environment.GetEnvironmentVariable("RESNETEDGE_WRITE_DOCS") == "1") File.WriteAllText(path, text = fresh);
        Assert.Contains("<!-- file: ", text, StringComparison.Ordinal);
        Assert.True(text == fresh, $"{document} quotes an older source: run this test with RESNETEDGE_WRITE_DOCS=1");
        House.Holds(QuotedFiles.LinesThatAreNotThere(text, Read));
    }

    [Fact]
    public void A_quotation_that_is_out_of_date_is_found()
    {
        const string document = "<!-- file: a.cs -->\n```csharp\nold\n```\n\n<!-- lines: a.cs -->\n```diff\n     new One(),\n+    new Two(),\n```\n";
        static string Source(string path) => "new One(),\n";
        Assert.Contains("```csharp\nnew One(),\n```\n", QuotedFiles.Refreshed(document, Source), StringComparison.Ordinal);
        Assert.Equal(["a.cs does not contain the quoted line 'new Two(),'"], QuotedFiles.LinesThatAreNotThere(document, Source));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(House.Root, path));
}
