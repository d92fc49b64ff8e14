namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>What a pipeline tells of itself.</summary>
/// <param name="Kind">How bad it is.</param>
/// <param name="Reason">What can be done about it.</param>
/// <param name="Element">Which of its elements.</param>
/// <param name="Text">The element's sentence; anything at all.</param>
/// <param name="Detail">What it adds for developers; anything at all.</param>
internal sealed record PipelineMessage(PipelineMessageKind Kind, PipelineTrouble Reason, string Element, string Text, string Detail);

/// <summary>How bad a message is.</summary>
internal enum PipelineMessageKind
{
    /// <summary>The last frame was given.</summary>
    End,

    /// <summary>The pipeline has failed.</summary>
    Error,

    /// <summary>The pipeline goes on.</summary>
    Warning,
}

/// <summary>What a message is about, as far as somebody can do something about it.</summary>
internal enum PipelineTrouble
{
    /// <summary>Whatever the text says.</summary>
    Other,

    /// <summary>The text is a sentence of this program's, to follow the camera's name.</summary>
    Known,

    /// <summary>User name or password is missing or wrong.</summary>
    Login,

    /// <summary>The elements cannot agree on a format of frames.</summary>
    Format,
}
