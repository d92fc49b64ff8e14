using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Tests.EndToEnd;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Whether ONNX Runtime's library is on this machine: where the runtime itself looks, or in the built programs' folder.</summary>
internal static class OnnxRuntimeHere
{
    private static readonly Lazy<string?> WhyNot = new(Find);

    /// <summary>Whether it is here.</summary>
    public static bool IsHere => WhyNot.Value == null;

    /// <summary>Skips the test, with the reason, where the library is missing.</summary>
    public static void OrSkip() => Skip.If(WhyNot.Value != null, WhyNot.Value);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(OnnxRuntimeLibrary.Variable) == null && BuiltLibrary() is { } built)
            Environment.SetEnvironmentVariable(OnnxRuntimeLibrary.Variable, built);
        try
        {
            OnnxRuntimeLibrary.Load();
            return null;
        }
        catch (EdgeException e)
        {
            return e.Message;
        }
    }

    private static string? BuiltLibrary()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, BuiltProgram.Folder, "libonnxruntime.so.1");
            if (File.Exists(candidate)) return candidate;
        }

        return null;
    }
}
