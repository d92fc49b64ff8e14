using ResNetEdge.Operators;
using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>docs/operators.md says what the operator table says.</summary>
public class OperatorListTests
{
    private const string File = "docs/operators.md";

    [Fact]
    public void The_list_of_operators_is_made_from_the_table()
    {
        string path = Path.Combine(House.Root, File), made = OperatorList.Markdown();
        if (Environment.GetEnvironmentVariable("RESNETEDGE_WRITE_DOCS") == "1") System.IO.File.WriteAllText(path, made);
        Assert.True(
            System.IO.File.Exists(path) && System.IO.File.ReadAllText(path) == made,
            $"{File} is not what the operator table says: run this test with RESNETEDGE_WRITE_DOCS=1");
    }

    [Fact]
    public void Every_operator_has_one_row()
    {
        string made = OperatorList.Markdown();
        Assert.All(OperatorTable.All, op => Assert.Single(made.Split('\n'), line => line.StartsWith($"| {op.OpType} |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Kernels_and_references_are_told_apart()
    {
        string[] lines = OperatorList.Markdown().Split('\n');
        string Row(string name) => lines.First(line => line.StartsWith($"| {name} |", StringComparison.Ordinal));
        Assert.EndsWith("| both | (n + 100) u·Σ | computes |", Row("Conv"), StringComparison.Ordinal);
        Assert.EndsWith("| reference | 16 u·max | - |", Row("LogSoftmax"), StringComparison.Ordinal);
    }
}
