namespace ResNetEdge.Service.Rules;

/// <summary>The last message of a topic; one thread writes, any reads.</summary>
internal sealed class ArmedState
{
    private volatile string? _text;

    /// <summary>Null: none has come yet, or an empty one.</summary>
    public string? Text
    {
        get => _text;
        set => _text = value;
    }
}
