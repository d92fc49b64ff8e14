using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Data;

/// <summary>
/// Real models and pictures that lie beside the repository (<c>../shared/data</c>) or where RESNETEDGE_TEST_DATA says; never copied into it.
/// </summary>
internal static class SharedData
{
    private const string Variable = "RESNETEDGE_TEST_DATA";

    /// <summary>Full path of a file, e.g. <c>cifar-resnet/resnet20-12fca82f.th</c>; skips the test when the data are not there.</summary>
    public static string Path(string relative)
    {
        string? root = Root();
        Skip.If(root is null, $"no ../shared/data beside the repository and no {Variable}");
        return System.IO.Path.Combine(root!, relative);
    }

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return given;
        string beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(House.Root, "..", "shared", "data"));
        return File.Exists(System.IO.Path.Combine(beside, "INDEX.md")) ? beside : null;
    }
}
