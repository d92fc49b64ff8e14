using ResNetEdge.Engines.OnnxRuntime;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

public class OnnxRuntimeLibraryTests
{
    [Fact]
    public void Unconfigured_it_is_looked_for_beside_the_program_then_on_the_loader_s_path() => Assert.Equal(
        ["/p/libonnxruntime.so.1", "/p/libonnxruntime.so", "libonnxruntime.so.1", "libonnxruntime.so"], OnnxRuntimeLibrary.Candidates(null, "/p"));

    [Fact]
    public void A_configured_folder_or_file_is_the_only_place()
    {
        Assert.Equal([Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so.1"), Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so")],
            OnnxRuntimeLibrary.Candidates(AppContext.BaseDirectory, "/p"));
        Assert.Equal(["/nowhere/ort.so"], OnnxRuntimeLibrary.Candidates("/nowhere/ort.so", "/p"));
    }

    [Fact]
    public void A_missing_library_is_exit_5_and_the_places_are_named()
    {
        var e = Assert.Throws<EdgeException>(() => OnnxRuntimeLibrary.Load("/nowhere/ort.so", "/p"));
        Assert.Equal(FailureKind.Unavailable, e.Kind);
        Assert.Contains("/nowhere/ort.so", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_exit_5_and_not_passed_over()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "not a library");
            var e = Assert.Throws<EdgeException>(() => OnnxRuntimeLibrary.Load(path, "/p"));
            Assert.Equal(FailureKind.Unavailable, e.Kind);
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
