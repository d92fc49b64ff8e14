using System.Net;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Watch;

/// <summary>What the configuration says of metrics, health and the live page.</summary>
/// <param name="Listen">Address and port; null: nothing listens.</param>
/// <param name="TokenFile">Holds the token that requests must bear; there when the address is not a loopback one.</param>
internal sealed record WatchSettings(IPEndPoint? Listen, string? TokenFile)
{
    private static readonly Setting<IPEndPoint?> ListenSetting = new(
        "listen", "Address and port of the live page, /metrics and /health, such as 127.0.0.1:8080. An address other than loopback needs token_file.",
        "text", "none", null, Endpoint);

    private static readonly Setting<string?> TokenFileSetting = Settings.OptionalText(
        "token_file", "File whose first line every request must carry, as 'Authorization: Bearer ...' or as the page's token; "
            + "one that can be guessed is refused. Read again when it changes.");

    /// <summary>The keys of the section <c>watch</c>.</summary>
    public static Schema Schema { get; } = new("watch", "Metrics, health and the live page.", [ListenSetting, TokenFileSetting]);

    /// <summary>No page and no metrics are served.</summary>
    public static WatchSettings None { get; } = new(null, null);

    /// <summary>Reads the section <c>watch</c>; problems are added to its place.</summary>
    public static WatchSettings Read(Section section)
    {
        var settings = new WatchSettings(section.Get(ListenSetting), section.Get(TokenFileSetting));
        if (settings is { Listen: { } endpoint, TokenFile: null } && !IPAddress.IsLoopback(endpoint.Address))
            section.Problem(ListenSetting,
                $"can be reached from other machines at {endpoint.Address}, so token_file is required; or listen on 127.0.0.1:{endpoint.Port}");
        return settings;
    }

    /// <summary>Refuses to listen where the program has nothing to answer with.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="isBuilt">Metrics and live page are part of this build.</param>
    /// <exception cref="EdgeException">Exit 5.</exception>
    public void CheckIsBuilt(string file, bool isBuilt)
    {
        if (Listen is not null && !isBuilt)
            throw EdgeException.Unavailable(
                $"{file}: 'watch.listen' is set, but this resnetedge was built without the live page; remove the setting or use another build");
    }

    // Only the form that .NET writes itself: the parser would take '8' for 0.0.0.8 and a missing port for 0.
    private static IPEndPoint? Endpoint(YamlValue value, Place place)
    {
        string text = value is YamlText { IsNothing: false } written ? written.Text
            : throw new SettingException("must be an address and a port, such as 127.0.0.1:8080; put one that begins with '[' in quotes");
        const string name = "localhost";
        string numbers = text.StartsWith(name, StringComparison.Ordinal) ? $"{IPAddress.Loopback}{text[name.Length..]}" : text;
        return IPEndPoint.TryParse(numbers, out var endpoint) && endpoint.Port > 0 && endpoint.ToString() == numbers
            ? endpoint
            : throw new SettingException(
                $"must be an address and a port from 1 to 65535, such as 127.0.0.1:8080 or '[::1]:8080', not {Settings.Describe(value)}");
    }
}
