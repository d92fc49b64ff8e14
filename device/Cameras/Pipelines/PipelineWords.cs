namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>What a pipeline tells, as one sentence of bounded length without secrets and without characters that do not show themselves.</summary>
/// <param name="device">The camera's name.</param>
/// <param name="login">Whose password may appear nowhere; null: there is none.</param>
internal sealed class PipelineWords(SafeAddress device, CameraLogin? login = null)
{
    private const int LongestQuote = 240;

    /// <summary>The camera's name as it may be shown.</summary>
    public string Name { get; } = PrintableText.Line(device.ToString());

    /// <summary>A message as a sentence.</summary>
    public string Of(PipelineMessage message)
    {
        if (message.Reason == PipelineTrouble.Known) return $"{Name}: {Safe(message.Text)}";
        string quote = Quote(message);
        return message.Reason switch
        {
            PipelineTrouble.Login => login is null
                ? $"{Name}: the camera requires a user name and password; set 'user' and 'password_file' ({quote})"
                : $"{Name}: the camera requires another user name and password ({quote})",
            PipelineTrouble.Format => $"{Name}: the pipeline's elements cannot agree on a format ({quote})",
            _ when message.Kind == PipelineMessageKind.Warning => $"{Name}: the pipeline warns ({quote})",
            _ => $"{Name}: the pipeline failed ({quote})",
        };
    }

    /// <summary>Somebody else's words as they may be shown.</summary>
    public string Safe(string words)
    {
        string text = device.HideIn(words);
        if (login is { Password.Length: > 0 }) text = text.Replace(login.Password, "***", StringComparison.Ordinal);
        text = PrintableText.Line(text.Trim());
        return text.Length <= LongestQuote ? text : text[..LongestQuote] + "...";
    }

    // The detail begins with a place in the element's source; what helps is its last line.
    private string Quote(PipelineMessage message)
    {
        string last = message.Detail.Trim().Split('\n')[^1];
        bool isPlace = last.Contains("):", StringComparison.Ordinal) && last.Contains(".c", StringComparison.Ordinal);
        string text = message.Text.Trim();
        if (isPlace || last.Length == 0) return Safe($"{message.Element}: {text}");
        return Safe($"{message.Element}: {(last.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? last : $"{text} {last}")}");
    }
}
