using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Service.Pictures;
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
        + "blocks and entries: an event of a few hundred bytes takes 5 KiB, and its picture its size.", 16, 1, 65536);
    private static readonly Setting<bool> ChangesSetting = Settings.Choice("changes",
        "Changes of rules that are sent: both, or only those by which a rule turns on.", "both", ("both", false), ("on", true));
    private static readonly Setting<PictureMode> PictureSetting = Settings.Choice("picture", "Sends the frame that turned the rule on, as JPEG. "
        + "true: each event is a form (multipart/form-data) with the parts 'event', which is the JSON, and 'picture'. body: the picture is the "
        + "body of a PUT, with the rule and a sentence in the headers Title and Message, as ntfy expects it; without a picture the sentence is "
        + "the body.",
        "false", ("false", PictureMode.None), ("true", PictureMode.Form), ("body", PictureMode.Body));
    private static readonly Setting<string> PartSetting =
        Settings.Text("picture_part", "Name of the form's part that is the picture.", "picture");
    private static readonly Setting<IReadOnlyList<string>> FieldsSetting = Settings.Texts("fields", "More parts of the form, or with 'picture: body' "
        + "more headers, each as name=text; in the text, {rule}, {label}, {percent}, {time} and {sentence} stand for those of the event.");
    private static readonly Setting<SafeAddress?> WithoutSetting = Settings.OptionalAddress("url_without_picture",
        "Address to which a form without a picture is posted; default: url.", "https://example.org/events");
    private static readonly string[] OwnHeaders =
        ["authorization", "connection", "content-length", "content-type", "host", "idempotency-key", "transfer-encoding", "user-agent"];

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(TypeName, "Events of the rules that name it, posted as JSON and kept on disk until they are delivered.",
            [UrlSetting, TokenSetting, SecretSetting, TimeoutSetting, ItemsSetting, MibSetting, ChangesSetting, PictureSetting, .. PictureForm.All,
                PartSetting, FieldsSetting, WithoutSetting]), Read);

    /// <summary>How pictures are sent.</summary>
    public PictureMode Mode { get; init; }

    /// <inheritdoc/>
    public override bool TellsPeople => true;

    /// <inheritdoc/>
    public override PictureForm? Picture => Pictures;

    /// <summary>Size and quality of the pictures; null: none are sent.</summary>
    public PictureForm? Pictures { get; init; }

    /// <summary>Name of the form's part that is the picture.</summary>
    public string PicturePart { get; init; } = "picture";

    /// <summary>More parts or headers, each as name=text.</summary>
    public EqualList<string> Fields { get; init; } = new([]);

    /// <summary>Where a form without a picture goes; null: to <see cref="Url"/>.</summary>
    public SafeAddress? UrlWithoutPicture { get; init; }

    /// <summary>A rule that turns off is not told.</summary>
    public bool OnlyOn { get; init; }

    /// <summary>Name and text of a field.</summary>
    public static (string Name, string Text) Split(string field) =>
        field.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? (field[..at], field[(at + 1)..]) : ("", field);

    /// <inheritdoc/>
    public override ISink Open(SinkContext context)
    {
        NetworkTrouble.RequireTls(Url, $"output '{Name}'");
        if (SecretFilePath is not null) OpenSsl.Require($"output '{Name}' with 'secret_file'");
        if (UrlWithoutPicture is not null) NetworkTrouble.RequireTls(UrlWithoutPicture, $"output '{Name}'");
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
        var mode = section.Get(PictureSetting);
        CheckPictures(section, mode);
        return new(name, section.Get(UrlSetting), section.Get(TokenSetting), section.Get(SecretSetting), section.Get(TimeoutSetting),
            section.Get(ItemsSetting), section.Get(MibSetting))
        {
            Mode = mode,
            Pictures = PictureForm.Read(section, mode is not PictureMode.None, PictureSetting),
            PicturePart = section.Get(PartSetting),
            Fields = new(section.Get(FieldsSetting)),
            UrlWithoutPicture = section.Get(WithoutSetting),
            OnlyOn = section.Get(ChangesSetting),
        };
    }

    private static void CheckPictures(Section section, PictureMode mode)
    {
        if (mode is not PictureMode.Form)
        {
            foreach (var setting in new Setting[] { PartSetting, WithoutSetting })
            {
                if (section.Has(setting)) section.Problem(setting, "needs 'picture: true'");
            }
        }

        if (mode is PictureMode.None && section.Has(FieldsSetting)) section.Problem(FieldsSetting, "needs 'picture'");
        if (!IsName(section.Get(PartSetting))) section.Problem(PartSetting, "must be of letters, digits, - and _, at most 64");
        foreach (string field in section.Get(FieldsSetting))
        {
            var (name, text) = Split(field);
            if (!IsName(name)) section.Problem(FieldsSetting, $"must be a list of name=text with names of letters, digits, - and _, not '{field}'");
            else if (mode is PictureMode.Body && OwnHeaders.Contains(name.ToLowerInvariant()))
                section.Problem(FieldsSetting, $"cannot set the header '{name}', which the output sets itself");
            else if (EventWords.Unknown(text) is { } word)
                section.Problem(FieldsSetting, $"contains the unknown word '{{{word}}}'; known words: {string.Join(", ", EventWords.Known)}");
        }
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
