using ResNetEdge.Service.Configuration;

namespace ResNetEdge.Service.Watch;

/// <summary>What the configuration says of metrics, health and the live page.</summary>
/// <param name="Listen">Address and port; null: nothing listens.</param>
/// <param name="TokenFile">Holds the token that requests must bear; must be there when the address is not a loopback one.</param>
internal sealed record WatchSettings(string? Listen, string? TokenFile)
{
    private static readonly Setting<string?> ListenSetting = Settings.OptionalText("listen", "Address and port of the live page, /metrics and /health, such as 127.0.0.1:8080. An address other than loopback needs token_file.");
    private static readonly Setting<string?> TokenFileSetting = Settings.OptionalText("token_file", "File whose first line every request must bear, as 'Authorization: Bearer ...' or as the page's token.");

    /// <summary>Its settings.</summary>
    public static Schema Schema { get; } = new("watch", "Metrics, health and the live page.", [ListenSetting, TokenFileSetting]);

    /// <summary>Nothing listens.</summary>
    public static WatchSettings None { get; } = new(null, null);

    /// <summary>Reads it.</summary>
    public static WatchSettings Read(Section section) => new(section.Get(ListenSetting), section.Get(TokenFileSetting));
}
