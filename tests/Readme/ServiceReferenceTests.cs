using ResNetEdge.Service.Configuration;
using ResNetEdge.Tests.Unit;

namespace ResNetEdge.Tests.Readme;

/// <summary>The reference says what the schema says, and the example that is installed is right.</summary>
public class ServiceReferenceTests
{
    [Theory]
    [InlineData("docs/service.md")]
    [InlineData("docs/service.schema.json")]
    [InlineData("publish-profiles/debian/resnetedge.yaml.5")]
    public void The_reference_is_made_from_the_schema(string file)
    {
        string made = file.EndsWith(".md", StringComparison.Ordinal) ? ServiceReference.Markdown(ServiceConfiguration.Schema)
            : file.EndsWith(".json", StringComparison.Ordinal) ? ServiceReference.JsonSchema(ServiceConfiguration.Schema)
            : ServiceReference.Man(ServiceConfiguration.Schema);
        string path = Path.Combine(House.Root, file);
        if (Environment.GetEnvironmentVariable("RESNETEDGE_WRITE_DOCS") == "1") File.WriteAllText(path, made);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == made, $"{file} is not what the schema says: run this test with RESNETEDGE_WRITE_DOCS=1");
    }

    [Fact]
    public void The_installed_example_is_right() => Assert.NotNull(ServiceConfiguration.Read(Path.Combine(House.Root, "publish-profiles/debian/service.yaml")));
}
