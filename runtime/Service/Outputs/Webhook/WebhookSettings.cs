using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Webhook;

/// <summary>Rule events posted to a web server. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Url">Where to.</param>
/// <param name="TokenFile">Its first line goes along as bearer token; null: none.</param>
/// <param name="SecretFilePath">Its first line signs each body; null: not signed.</param>
/// <param name="Timeout">For one attempt.</param>
/// <param name="MaxItems">On disk at most.</param>
/// <param name="QueueMib">On disk at most.</param>
internal sealed record WebhookSettings(
    string Name, SafeAddress Url, string? TokenFile, string? SecretFilePath, TimeSpan Timeout, int MaxItems,
    int QueueMib) : SinkSettings(Name, TypeName)
{
    private const string TypeName = "webhook";
    private const int LongestName = 100;

    private static readonly Setting<SafeAddress> UrlSetting =
        Settings.Address("url", "Address to which each event is posted, http or https.", "https://example.org/events");
    private static readonly Setting<string?> TokenSetting =
        Settings.OptionalText("token_file", "File whose first line is sent as 'Authorization: Bearer ...'.");
    private static readonly Setting<string?> SecretSetting = Settings.OptionalText(
        "secret_file", "File whose first line signs each body: header X-ResNetEdge-Signature, 'sha256=' and the HMAC-SHA256 in hexadecimal.");
    private static readonly Setting<TimeSpan> TimeoutSetting =
        Settings.Duration("timeout_s", "Timeout of one attempt.", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private static readonly Setting<int> ItemsSetting = Settings.Int("queue_items",
        "Maximum number of events kept on disk until they are delivered; when the queue is full, new events are dropped.", 10_000, 1, 1_000_000);
    private static readonly Setting<int> MibSetting = Settings.Int("queue_mib", "Disk space that they may take, in MiB, including the file system's "
        + "blocks and entries: an event of a few hundred bytes takes 5 KiB.", 16, 1, 65536);

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(TypeName, "Events of the rules that name it, posted as JSON and kept on disk until they are delivered.",
            [UrlSetting, TokenSetting, SecretSetting, TimeoutSetting, ItemsSetting, MibSetting]), Read);

    /// <inheritdoc/>
    public override ISink Open(SinkContext context)
    {
        NetworkTrouble.RequireTls(Url, $"output '{Name}'");
        if (SecretFilePath is not null) OpenSsl.Require($"output '{Name}' with 'secret_file'");
        SecretFile.Require(TokenFile, $"output '{Name}'");
        SecretFile.Require(SecretFilePath, $"output '{Name}'");
        return new WebhookSink(this, context);
    }

    private static WebhookSettings Read(string name, Section section)
    {
        // The queue's folder is called after the output.
        if (name.Length > LongestName || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            section.Problem(UrlSetting, $"belongs to an output called '{name}'; a webhook's name may have only letters, digits, - and _, "
                + $"at most {LongestName} of them, because its queue on disk has the same name");
        return new(name, section.Get(UrlSetting), section.Get(TokenSetting), section.Get(SecretSetting), section.Get(TimeoutSetting),
            section.Get(ItemsSetting), section.Get(MibSetting));
    }
}
