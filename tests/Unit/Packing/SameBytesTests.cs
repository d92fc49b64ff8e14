using System.Reflection;
using System.Text;

namespace ResNetEdge.Tests.Unit.Packing;

/// <summary>What is built in another folder is the same bytes: no assembly names the folder that it was built in.</summary>
public class SameBytesTests
{
    [SkippableTheory]
    [InlineData("ResNetEdge.Device")]
    [InlineData("ResNetEdge.Runtime")]
    [InlineData("ResNetEdge.Service")]
    [InlineData("ResNetEdge.Web")]
    [InlineData("resnetedge")]
    [InlineData("resnetedge-service")]
    [InlineData("resnetedge-export")]
    public void No_assembly_names_the_folder_that_it_was_built_in(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        Skip.If(Assembly.LoadFrom(path).GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration != "Release",
            "a build for debugging names its sources' paths");
        byte[] bytes = File.ReadAllBytes(path);
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("/_/")) > 0, "the path of the symbols");
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(House.Root)) < 0, $"{name}.dll holds {House.Root}");
    }
}
