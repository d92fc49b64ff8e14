using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ResNetEdge;

/// <summary>What the programs are: version, commit, runtime.</summary>
internal static class BuildInfo
{
    private static readonly string Informational =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Version => Informational.Split('+')[0];

    /// <summary>The commit it was built from, or null where the build did not know it.</summary>
    public static string? Commit => Informational.Split('+') is [_, var commit, ..] ? commit : null;

    /// <summary>For example <c>.NET 9.0.20, Native AOT</c>.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription + (RuntimeFeature.IsDynamicCodeCompiled ? ", JIT" : ", Native AOT");
}
