namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>How a webhook sends the picture of an event.</summary>
internal enum PictureMode
{
    /// <summary>Not at all: the event is posted as JSON.</summary>
    None,

    /// <summary>As a part of a form (multipart/form-data), beside the event.</summary>
    Form,

    /// <summary>As the body of a PUT, the event's words in headers.</summary>
    Body,
}
