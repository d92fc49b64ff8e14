using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Yaml;
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
        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == made, $"{file} is not what the schema says: run this test with RESNETEDGE_WRITE_DOCS=1");
    }

    [Theory]
    [InlineData("service.yaml")]
    [InlineData("examples/board-parts.yaml")]
    [InlineData("examples/http-camera.yaml")]
    [InlineData("examples/rtsp-camera.yaml")]
    [InlineData("examples/csi-camera.yaml")]
    [InlineData("examples/keep-frames.yaml")]
    [InlineData("examples/live-page.yaml")]
    [InlineData("examples/mqtt.yaml")]
    [InlineData("examples/night-watch.yaml")]
    [InlineData("examples/ntfy.yaml")]
    [InlineData("examples/several-cameras.yaml")]
    [InlineData("examples/socket.yaml")]
    [InlineData("examples/telegram.yaml")]
    [InlineData("examples/triggers.yaml")]
    [InlineData("examples/webhook.yaml")]
    public void The_installed_examples_are_right(string file) =>
        Assert.NotNull(ServiceConfiguration.Read(Path.Combine(House.Root, "publish-profiles/debian", file)));

    [Fact]
    public void Every_installed_example_is_one_of_those()
    {
        string folder = Path.Combine(House.Root, "publish-profiles/debian/examples");
        Assert.Equal(
            [
                "board-parts.yaml", "csi-camera.yaml", "http-camera.yaml", "keep-frames.yaml", "live-page.yaml", "mqtt.yaml", "night-watch.yaml",
                "ntfy.yaml", "rtsp-camera.yaml", "several-cameras.yaml", "socket.yaml", "telegram.yaml", "triggers.yaml", "webhook.yaml",
            ],
            Directory.EnumerateFiles(folder, "*.yaml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }
}
