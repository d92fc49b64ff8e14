using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace ResNetEdge.Service.Configuration;

/// <summary>Finds a bracket of YAML that is never closed: the parser notices it at the end of the file, far from where it stands.</summary>
internal static class UnclosedBracket
{
    /// <summary>The outermost one and its line, as the end of a sentence about text that is no YAML; empty when every bracket is closed.</summary>
    public static string In(string text)
    {
        var open = new Stack<(char Bracket, long Line)>();
        var scanner = new Scanner(new StringReader(text), skipComments: true);
        try
        {
            while (scanner.MoveNext())
            {
                switch (scanner.Current)
                {
                    case FlowSequenceStart start: open.Push(('[', start.Start.Line)); break;
                    case FlowMappingStart start: open.Push(('{', start.Start.Line)); break;
                    case FlowSequenceEnd or FlowMappingEnd: open.TryPop(out _); break;
                }
            }
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            // The scanner gets no further; what is open here is open.
        }

        return open.LastOrDefault() is { Line: > 0 } first ? $"; the '{first.Bracket}' in line {first.Line} is not closed" : "";
    }
}
