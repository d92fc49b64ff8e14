using ResNetEdge.Model;

namespace ResNetEdge.CommandLine;

/// <summary>A state as people type it.</summary>
internal static class StatePair
{
    /// <summary>Reads <c>OUTPUT=INPUT</c>.</summary>
    /// <exception cref="EdgeException">Usage: not two names.</exception>
    public static ModelState Parse(string text)
    {
        int equals = text.LastIndexOf('=');
        return equals > 0 && equals < text.Length - 1 ? new ModelState(text[..equals], text[(equals + 1)..])
            : throw Arguments.Usage($"option '--state' needs the names of an output and an input, such as h_out=h_in, not '{text}'");
    }
}
